namespace Trm.Cli.Cluster;

/// <summary>What <c>trm cluster up</c> was asked for.</summary>
internal sealed record UpPlan
{
    public const int DefaultSilos = 3;
    public const int DefaultGateways = 2;
    public const int DefaultPort = 8000;
    public const int MostNodes = 64;

    /// <summary>How many silos; null is as many as there are, or <see cref="DefaultSilos"/>.</summary>
    public int? Silos { get; init; }

    /// <summary>How many gateways; null is as many as there are, or <see cref="DefaultGateways"/>.</summary>
    public int? Gateways { get; init; }

    /// <summary>Where gateways' ports begin; null is where they were, or <see cref="DefaultPort"/>.</summary>
    public int? Port { get; init; }

    /// <summary>Settings of all nodes as environment.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }
}
