using Trm.Core;

namespace Trm.Inference.Batching;

/// <summary>An engine failed on a prediction.</summary>
/// <param name="engine">Name of the engine.</param>
/// <param name="cause">What it threw.</param>
public sealed class InferenceFailedException(string engine, Exception cause) : TrmException(
    "inference_failed", $"engine {engine} failed: {cause.Message.ReplaceLineEndings(" ")}; if it goes on, restart with another engine", cause)
{
    /// <inheritdoc/>
    public override string PublicMessage => "the model's engine failed on this prediction; try again";
}
