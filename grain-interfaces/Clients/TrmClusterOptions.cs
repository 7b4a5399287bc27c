using System.Globalization;

namespace Trm.GrainInterfaces.Clients;

/// <summary>Which cluster, and how to reach it; configuration section <c>Trm:Cluster</c>, the same for silos and their clients.</summary>
public sealed class TrmClusterOptions
{
    /// <summary>The configuration section that is bound.</summary>
    public const string Section = "Trm:Cluster";

    /// <summary>Silos and clients of one cluster have the same.</summary>
    public string ClusterId { get; set; } = "trm";

    /// <summary>What stored state belongs to; outlives clusters.</summary>
    public string ServiceId { get; set; } = "trm";

    /// <summary>
    /// PostgreSQL connection string: membership, grain state, reminders, bars and the prediction log are there. Null is a first
    /// run on one machine: membership in the first silo's memory, bars and log in the data folder.
    /// </summary>
    public string? Connection { get; set; }

    /// <summary>Without <see cref="Connection"/>: the gateway ports of silos on this machine that a client asks, separated by commas.</summary>
    public string LocalGatewayPorts { get; set; } = "30000";

    /// <summary>
    /// <c>memory</c>: streams in the silos' memory, quick; events of a silo that dies are repaired from the log. <c>adonet</c>:
    /// streams in PostgreSQL.
    /// </summary>
    public string Streams { get; set; } = "memory";

    /// <summary>How many queues the streams of snapshots share, and those of predictions; alike on every member. 1 to 256.</summary>
    public int StreamQueues { get; set; } = 6;

    /// <summary>How often each queue is looked at: half of it is added to each of two hops, and each look costs a call. 1 ms to 10 s.</summary>
    public TimeSpan StreamPolling { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a client waits for an answer. 0.5 s to 5 min.</summary>
    public TimeSpan ClientResponseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a client looks which silos there are. 0.5 s to 5 min.</summary>
    public TimeSpan GatewayRefresh { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Certificates between silos and clients; none is plain text.</summary>
    public ClusterTls Tls { get; set; } = new();

    /// <summary>What is wrong with them: one line that names the key, the value and what may be; null when nothing is.</summary>
    public string? Fault()
    {
        if (string.IsNullOrWhiteSpace(ClusterId)) return $"{Section}:{nameof(ClusterId)} is empty; name the cluster";
        if (string.IsNullOrWhiteSpace(ServiceId)) return $"{Section}:{nameof(ServiceId)} is empty; name the service";
        if (Streams is not ("memory" or "adonet")) return $"{Section}:{nameof(Streams)} is '{Streams}'; use memory or adonet";
        if (Streams == "adonet" && Connection is null) return $"{Section}:{nameof(Streams)} is adonet, which needs {Section}:{nameof(Connection)}";
        if (Connection is null && !TryLocalGateways(out _)) return $"{Section}:{nameof(LocalGatewayPorts)} is '{LocalGatewayPorts}'; give ports from 1 to 65535, separated by commas";
        return Range(nameof(StreamQueues), StreamQueues, 1, 256)
            ?? Range(nameof(StreamPolling), StreamPolling.TotalSeconds, 0.001, 10, " seconds")
            ?? Range(nameof(ClientResponseTimeout), ClientResponseTimeout.TotalSeconds, 0.5, 300, " seconds")
            ?? Range(nameof(GatewayRefresh), GatewayRefresh.TotalSeconds, 0.5, 300, " seconds")
            ?? Tls.Fault();
    }

    /// <summary>The ports of <see cref="LocalGatewayPorts"/>; false when they are none.</summary>
    public bool TryLocalGateways(out IReadOnlyList<int> ports)
    {
        var parsed = LocalGatewayPorts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0).ToList();
        ports = parsed;
        return parsed.Count > 0 && parsed.All(port => port is > 0 and <= 65_535);
    }

    private static string? Range(string key, double value, double min, double max, string unit = "") =>
        value >= min && value <= max
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is {value}{unit}; it must be from {min} to {max}{unit}");
}
