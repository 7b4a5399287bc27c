namespace Trm.Cli.Benchmarks.Inference;

/// <summary>What a contestant did with its turn.</summary>
/// <param name="Seconds">Each call's time.</param>
/// <param name="PredictionsPerSecond">Rows answered a second in the quickest call.</param>
/// <param name="Answers">The last call's answers, <see cref="BenchInputs.AnswerWidth"/> a row.</param>
internal sealed record Slot(double[] Seconds, double PredictionsPerSecond, float[] Answers);
