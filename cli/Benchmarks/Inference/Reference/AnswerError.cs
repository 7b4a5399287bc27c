namespace Trm.Cli.Benchmarks.Inference.Reference;

/// <summary>The largest absolute differences from the reference.</summary>
/// <param name="Probability">Of a strategy's probability.</param>
/// <param name="Halt">Of a halt probability.</param>
internal readonly record struct AnswerError(double Probability, double Halt)
{
    public static AnswerError None { get; }

    /// <summary>With one more difference; NaN stays.</summary>
    public AnswerError With(double difference, bool isHalt) => isHalt
        ? this with { Halt = Math.Max(Halt, difference) }
        : this with { Probability = Math.Max(Probability, difference) };

    /// <summary>The larger of each.</summary>
    public AnswerError Or(AnswerError other) => new(Math.Max(Probability, other.Probability), Math.Max(Halt, other.Halt));
}
