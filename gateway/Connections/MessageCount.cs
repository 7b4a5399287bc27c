using Trm.Core.Telemetry;

namespace Trm.Gateway.Connections;

/// <summary>
/// What became of messages to clients: <c>trm.gateway.messages</c> by <c>outcome</c>, and the same totals for the service's own
/// health page, there with no exporter configured.
/// </summary>
internal static class MessageCount
{
    private static readonly KeyValuePair<string, object?> OutcomeSent = new("outcome", "sent");
    private static readonly KeyValuePair<string, object?> OutcomeConflated = new("outcome", "conflated");
    private static readonly KeyValuePair<string, object?> OutcomeDropped = new("outcome", "dropped");

    private static long sent;
    private static long conflated;
    private static long dropped;

    /// <summary>Written to a socket since the process started.</summary>
    public static long SentTotal => Volatile.Read(ref sent);

    /// <summary>Replaced by a newer one before they were written.</summary>
    public static long ConflatedTotal => Volatile.Read(ref conflated);

    /// <summary>Given up: the client was too slow, or went away.</summary>
    public static long DroppedTotal => Volatile.Read(ref dropped);

    public static void Sent(int messages) => Count(ref sent, messages, OutcomeSent);

    public static void Conflated(int messages) => Count(ref conflated, messages, OutcomeConflated);

    public static void Dropped(int messages) => Count(ref dropped, messages, OutcomeDropped);

    private static void Count(ref long total, int messages, KeyValuePair<string, object?> outcome)
    {
        Interlocked.Add(ref total, messages);
        TrmTelemetry.Messages.Add(messages, outcome);
    }
}
