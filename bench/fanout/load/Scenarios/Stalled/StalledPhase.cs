namespace Trm.Bench.FanOut.Scenarios.Stalled;

/// <summary>What the well-behaved clients saw beside some that were stalled, and how those ended.</summary>
internal sealed record StalledPhase
{
    /// <summary>The close code for a client that takes nothing.</summary>
    public const int TooSlowCode = 4008;

    public required int Stalled { get; init; }

    public required TimeSpan P50 { get; init; }

    public required TimeSpan P99 { get; init; }

    public required TimeSpan Max { get; init; }

    /// <summary>Received by the well-behaved ones.</summary>
    public required long Messages { get; init; }

    /// <summary>The server's resident memory at its most, bytes.</summary>
    public required long Resident { get; init; }

    /// <summary>Stalled ones that found a close frame with 4008 when they read at last.</summary>
    public required int TooSlow { get; init; }

    /// <summary>Stalled ones whose connection was cut: a close frame does not fit into a connection that is full.</summary>
    public required int Cut { get; init; }

    /// <summary>After the phase, until the server had ended them.</summary>
    public required TimeSpan Waited { get; init; }
}
