namespace Trm.Core.Drift;

/// <summary>How far the features of a market's newest sessions have moved from those that the model was trained on.</summary>
/// <param name="Sessions">How many sessions were looked at.</param>
/// <param name="Features">Population stability index by feature; those that the model says nothing of are absent.</param>
public sealed record DriftReport(int Sessions, IReadOnlyDictionary<string, double> Features)
{
    /// <summary>
    /// From here on a feature is said to have drifted; below 0.1 it is the same by the usual reading, between the two it is on its way
    /// (Siddiqi, Credit Risk Scorecards, 2006).
    /// </summary>
    public const double Threshold = 0.2;

    /// <summary>The features past <see cref="Threshold"/>, in the order of the vector.</summary>
    public IReadOnlyList<string> Warnings => [.. Features.Where(f => f.Value > Threshold).Select(f => f.Key)];
}
