namespace Trm.Cli.Benchmarks.Inference;

/// <summary>A peer that was not measured, or not to the end.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Reason">One line.</param>
internal sealed record Dropout(string Name, string Reason);
