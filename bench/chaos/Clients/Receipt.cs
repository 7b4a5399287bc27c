namespace Trm.Bench.Chaos.Clients;

/// <summary>One of many predictions that a client got, and when by the clock.</summary>
internal readonly record struct Receipt(int Market, long Sequence, DateTimeOffset At);
