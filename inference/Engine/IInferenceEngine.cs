namespace Trm.Inference.Engine;

/// <summary>
/// Runs the forward pass on normalised features. The seam between loading a model and the arithmetic: an engine with
/// other kernels takes the same weights and answers the same questions.
/// </summary>
public interface IInferenceEngine : IDisposable
{
    /// <summary>What it is, for logs and measurements: <c>managed fp32 avx512</c>, <c>onnxruntime cuda fp32</c>.</summary>
    string Name { get; }

    /// <summary>Predicts a batch. Safe to call from many threads.</summary>
    /// <param name="normalized">batch × 10, row by row; the batch is what fits.</param>
    /// <param name="probabilities">batch × 8, row by row; each row sums to 1 within rounding.</param>
    /// <param name="halt">One probability for each row.</param>
    /// <exception cref="ArgumentException">The three lengths do not speak of the same batch.</exception>
    void Predict(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt);
}
