namespace Trm.Cli.Doctor;

/// <summary>Another clock to hold this machine's against.</summary>
/// <param name="Name">Whose it is, for people.</param>
/// <param name="Precision">How coarse it tells the time.</param>
/// <param name="ReadAsync">What it says now; null when it does not answer.</param>
internal sealed record ClockReference(string Name, TimeSpan Precision, Func<CancellationToken, Task<DateTimeOffset?>> ReadAsync);
