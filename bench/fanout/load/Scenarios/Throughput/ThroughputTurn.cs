namespace Trm.Bench.FanOut.Scenarios.Throughput;

/// <summary>What one server did in one round.</summary>
internal sealed record ThroughputTurn
{
    public required string Server { get; init; }

    public required string Version { get; init; }

    public required int Clients { get; init; }

    /// <summary>Received by all clients together.</summary>
    public required double MessagesPerSecond { get; init; }

    /// <summary>Payload of a message.</summary>
    public required double BytesPerMessage { get; init; }

    /// <summary>From the message's timestamp to the client, half of them within.</summary>
    public required TimeSpan P50 { get; init; }

    public required TimeSpan P99 { get; init; }

    /// <summary>Of the server's core, 0 to 1: below 1 it waited for something.</summary>
    public required double ServerCpu { get; init; }

    /// <summary>Messages for a second of the server's processor time: the figure that other programs on the machine move least.</summary>
    public double MessagesPerCpuSecond => ServerCpu > 0 ? MessagesPerSecond / ServerCpu : 0;

    /// <summary>Of the load's core: at 1 the clients were what was measured.</summary>
    public required double LoadCpu { get; init; }

    /// <summary>Why the figure does not count; null when every client got every message once and in order.</summary>
    public required string? Problem { get; init; }
}
