namespace Trm.Storage.Predictions;

/// <summary>What an append came to, without exceptions: for callers to whom a repeat or a gap is daily work.</summary>
/// <param name="Result">Which of the four.</param>
/// <param name="Last">The log's last sequence after it, as far as it is known; 0 for an empty log or another epoch.</param>
/// <param name="Current">The log's epoch; <see cref="Guid.Empty"/> when the market has no log.</param>
public readonly record struct AppendOutcome(AppendResult Result, long Last, Guid Current);
