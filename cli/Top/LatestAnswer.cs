namespace Trm.Cli.Top;

/// <summary>What <c>GET /api/markets/{m}/latest</c> says, as far as <c>trm top</c> shows it.</summary>
internal sealed record LatestAnswer
{
    public required Guid Epoch { get; init; }

    public required long Sequence { get; init; }

    public required string StrategyName { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>live, replay or simulated.</summary>
    public required string Source { get; init; }

    public required string ModelVersion { get; init; }
}
