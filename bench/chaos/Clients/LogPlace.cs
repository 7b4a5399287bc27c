namespace Trm.Bench.Chaos.Clients;

/// <summary>A place in a market's log.</summary>
internal readonly record struct LogPlace(Guid Epoch, long Sequence);
