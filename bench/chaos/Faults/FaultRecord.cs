using Trm.Bench.Chaos.Silence;

namespace Trm.Bench.Chaos.Faults;

/// <summary>A fault that was made.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Target">To whom.</param>
/// <param name="At">Since measuring began.</param>
/// <param name="Recovery">Until everything was there and ready again.</param>
/// <param name="Problem">What did not come back by itself; null when all did.</param>
/// <param name="Silences">What clients waited, until the next fault.</param>
internal sealed record FaultRecord(FaultKind Kind, string Target, TimeSpan At, TimeSpan Recovery, string? Problem, SilenceWindow Silences);
