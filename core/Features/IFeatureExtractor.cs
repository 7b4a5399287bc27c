using Trm.Core.Bars;

namespace Trm.Core.Features;

/// <summary>
/// Turns sessions into features, one at a time and in date order; a new session costs O(symbols) whatever the
/// history. Replay, live, backtest and training export all go through it.
/// </summary>
public interface IFeatureExtractor
{
    /// <summary>The recipe's id, one of <see cref="FeatureSets"/>.</summary>
    string FeatureSet { get; }

    /// <summary>
    /// How many sessions it must see before a session for that session's features to be those of the whole history.
    /// </summary>
    int LookBackSessions { get; }

    /// <summary>Takes the next session and says its features, or why there are none.</summary>
    /// <exception cref="ArgumentException">The session is not later than the one before.</exception>
    FeatureReading Push(Session session);
}

/// <summary>What one session gave: features, or the reason there are none.</summary>
public sealed record FeatureReading
{
    private FeatureReading() { }

    /// <summary>The features; null when they could not be computed.</summary>
    public FeatureVector? Features { get; private init; }

    /// <summary>Features whose usual input was absent and that a proxy stands in for, by name.</summary>
    public IReadOnlyList<string> Proxies { get; private init; } = [];

    /// <summary>Why there are no features, for people; null when there are.</summary>
    public string? Reason { get; private init; }

    /// <summary>True while the reason is only that too little history has been seen.</summary>
    public bool IsWarmingUp { get; private init; }

    /// <summary>Features of a session.</summary>
    public static FeatureReading Of(FeatureVector features, IReadOnlyList<string>? proxies = null) =>
        new() { Features = features, Proxies = proxies ?? [] };

    /// <summary>No features, and why.</summary>
    public static FeatureReading None(string reason, bool warmingUp = false) => new() { Reason = reason, IsWarmingUp = warmingUp };
}
