namespace Trm.Cli.Benchmarks.Inference.Reference;

/// <summary>The exact answers to <see cref="BenchInputs"/>.</summary>
internal sealed class ReferenceAnswers
{
    private readonly double[][] answers;

    public ReferenceAnswers(ReferenceModel model, BenchInputs inputs, int largestBatch)
    {
        answers = new double[Math.Min(largestBatch, BenchInputs.Different)][];
        Parallel.For(0, answers.Length, row => answers[row] = model.Predict(inputs.Row(row)));
    }

    /// <summary>How far answers are off; NaN when one of them is.</summary>
    /// <param name="given">Rows of <see cref="BenchInputs.AnswerWidth"/>; whole batches one after the other.</param>
    /// <param name="batch">Rows of a batch.</param>
    public AnswerError Of(ReadOnlySpan<float> given, int batch)
    {
        var error = AnswerError.None;
        for (var i = 0; i < given.Length; i++)
        {
            var (row, place) = (i / BenchInputs.AnswerWidth % batch % BenchInputs.Different, i % BenchInputs.AnswerWidth);
            error = error.With(Math.Abs(given[i] - answers[row][place]), isHalt: place == BenchInputs.AnswerWidth - 1);
        }
        return error;
    }
}
