using Trm.Bench.Chaos.Clients;
using Trm.Bench.Chaos.Faults;

namespace Trm.Bench.Chaos;

/// <summary>What a run does.</summary>
internal sealed record ChaosPlan
{
    /// <summary>Simulated markets.</summary>
    public required int Markets { get; init; }

    /// <summary>Predictions a second of each market.</summary>
    public required double Rate { get; init; }

    public required int Silos { get; init; }

    public required int Gateways { get; init; }

    /// <summary>WebSocket clients, taking turns over the gateways.</summary>
    public required int Clients { get; init; }

    /// <summary>How many markets each client has; the clients' shares overlap so that all markets are had.</summary>
    public required int MarketsPerClient { get; init; }

    /// <summary>Before anything is measured or broken.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>What is measured.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Between two faults.</summary>
    public required TimeSpan KillEvery { get; init; }

    /// <summary>How long a killed silo or gateway stays away; a killed database is started again at once.</summary>
    public required TimeSpan RestartAfter { get; init; }

    /// <summary>In turn, and from the start again; empty breaks nothing.</summary>
    public required IReadOnlyList<FaultKind> Faults { get; init; }

    /// <summary>The cluster's data folder; null is a temporary one.</summary>
    public required string? Data { get; init; }

    /// <summary>Leave the cluster running and its folder where it is.</summary>
    public required bool Keep { get; init; }

    /// <summary>First gateway's port; null is trm's own choice.</summary>
    public required int? Port { get; init; }

    /// <summary>More arguments of <c>trm cluster up</c>.</summary>
    public required IReadOnlyList<string> UpArguments { get; init; }

    /// <summary>Seconds between a market's predictions.</summary>
    public double Interval => 1 / Rate;

    /// <summary>The markets' ids, in order: <c>m001</c> and so on.</summary>
    public IReadOnlyList<string> MarketIds => [.. Enumerable.Range(0, Markets).Select(MarketNames.Of)];

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Fault()
    {
        if (Markets is < 1 or > 999) return $"--markets {Markets} is not between 1 and 999";
        if (Rate is not (> 0 and <= 10)) return FormattableString.Invariant($"--rate {Rate} is not above 0 and at most 10 predictions a second, the most that a market makes");
        if (Silos is < 1 or > 64) return $"--silos {Silos} is not between 1 and 64";
        if (Gateways is < 1 or > 64) return $"--gateways {Gateways} is not between 1 and 64";
        if (Clients is < 1 or > 5_000) return $"--clients {Clients} is not between 1 and 5000";
        if (MarketsPerClient < 1 || MarketsPerClient > Markets) return $"--markets-per-client {MarketsPerClient} is not between 1 and the {Markets} markets there are";
        if (KillEvery < TimeSpan.FromSeconds(2)) return $"--kill-every {KillEvery.TotalSeconds:0.#} is less than 2 seconds";
        if (Faults.Any(f => f is FaultKind.Silo or FaultKind.Freeze) && Silos < 2) return $"--silos {Silos} leaves nobody when one dies; use 2 or more, or other --faults";
        return null;
    }
}
