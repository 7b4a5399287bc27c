namespace Trm.Core.Features;

/// <summary>The ten features, in the order of every vector in this system.</summary>
public static class FeatureNames
{
    /// <summary>How many there are.</summary>
    public const int Count = 10;

    /// <summary>Position of <c>vix</c>, the volatility index in points.</summary>
    public const int Vix = 0;

    /// <summary>Position of <c>spy_returns_5d</c>, the benchmark's return over 5 sessions, 0.01 = 1 %.</summary>
    public const int BenchmarkReturn5 = 1;

    /// <summary>Position of <c>spy_returns_20d</c>, the benchmark's return over 20 sessions.</summary>
    public const int BenchmarkReturn20 = 2;

    /// <summary>Position of <c>volume_ratio</c>, mean volume against its 20-session mean; 1 = usual.</summary>
    public const int VolumeRatio = 3;

    /// <summary>Position of <c>market_breadth</c>, the share of symbols that rose, 0 to 1.</summary>
    public const int MarketBreadth = 4;

    /// <summary>Position of <c>correlation</c>, the mean pairwise correlation of returns, −1 to 1.</summary>
    public const int Correlation = 5;

    /// <summary>Position of <c>put_call_ratio</c>.</summary>
    public const int PutCallRatio = 6;

    /// <summary>Position of <c>gini_coefficient</c>, how unequal the moves are across symbols, 0 to 1.</summary>
    public const int Gini = 7;

    /// <summary>Position of <c>sector_dispersion</c>, the standard deviation of returns across symbols.</summary>
    public const int SectorDispersion = 8;

    /// <summary>Position of <c>signal_quality</c>, the share of expected inputs present and fresh, 0 to 1.</summary>
    public const int SignalQuality = 9;

    /// <summary>Wire and file names by position.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "vix", "spy_returns_5d", "spy_returns_20d", "volume_ratio", "market_breadth",
        "correlation", "put_call_ratio", "gini_coefficient", "sector_dispersion", "signal_quality",
    ];
}
