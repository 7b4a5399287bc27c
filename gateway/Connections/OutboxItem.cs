using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>The next thing for a client's send loop: a message, a page of the log to read, or the end.</summary>
/// <param name="Frame">A message to write.</param>
/// <param name="IsLive">It is a prediction straight from the feed, so its latency counts.</param>
/// <param name="Refill">Read the log after this place, up to a page.</param>
/// <param name="Close">Nothing more comes.</param>
/// <param name="Rest">The end of a message whose beginning was sent on the spot.</param>
internal readonly record struct OutboxItem(Frame? Frame, bool IsLive, RefillRequest? Refill, CloseReason? Close, ReadOnlyMemory<byte> Rest);

/// <summary>A page of the log that a market's queue waits for.</summary>
/// <param name="Queue">Who waits.</param>
/// <param name="Generation">Of the queue when it asked.</param>
/// <param name="Epoch">The log that is read.</param>
/// <param name="After">The last sequence that it has.</param>
/// <param name="Target">The newest sequence known to be in the log.</param>
internal sealed record RefillRequest(MarketQueue Queue, int Generation, Guid Epoch, long After, long Target);
