namespace Trm.Cli.Benchmarks.Inference;

/// <summary>What a contestant did with its turn.</summary>
/// <param name="Seconds">Each call's time.</param>
/// <param name="PredictionsPerSecond">Rows answered a second.</param>
/// <param name="Answers">The last call's answers, <see cref="BenchInputs.AnswerWidth"/> a row; of several callers one after the other.</param>
internal sealed record Slot(double[] Seconds, double PredictionsPerSecond, float[] Answers)
{
    /// <summary>One caller, whose calls follow each other.</summary>
    public static Slot OfOneCaller(double[] seconds, int batch, float[] answers) => new(seconds, batch / seconds.Min(), answers);
}
