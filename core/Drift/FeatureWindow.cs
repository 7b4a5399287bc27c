using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Core.Drift;

/// <summary>
/// The features of a market's newest sessions, in the order they were predicted, against a model's training rows. Safe to use from
/// many threads.
/// </summary>
/// <remarks>
/// Its length decides how often it warns of nothing: n rows drawn from the training rows themselves have an index of about 9/n
/// with ten bins. The test of that holds the rate.
/// </remarks>
public sealed class FeatureWindow
{
    /// <summary>Sessions looked at: about a year.</summary>
    public const int Sessions = 250;

    /// <summary>With fewer there is no report: by chance alone the index would pass the threshold too often.</summary>
    public const int FewestSessions = 180;

    private readonly Lock gate = new();
    private readonly Queue<FeatureVector> earlier = new(Sessions);
    private string? featureSet;
    private object? session;
    private FeatureVector? newest;

    /// <summary>Takes a session's features; again, they replace those it had.</summary>
    /// <param name="session">What says which session it is, by equality.</param>
    /// <param name="featureSet">Their recipe; another one than before starts the window over.</param>
    /// <param name="features">The ten.</param>
    public void Push(object session, string featureSet, FeatureVector features)
    {
        lock (gate)
        {
            if (featureSet != this.featureSet)
            {
                earlier.Clear();
                (this.featureSet, newest) = (featureSet, null);
            }
            if (newest is not null && !session.Equals(this.session))
            {
                if (earlier.Count == Sessions - 1) earlier.Dequeue();
                earlier.Enqueue(newest);
            }
            (this.session, newest) = (session, features);
        }
    }

    /// <summary>
    /// The population stability index of each feature, Σ (actual − expected)·ln(actual / expected) over its bins; null when the model says
    /// nothing of its training rows or takes other features, or there are fewer than <see cref="FewestSessions"/>.
    /// </summary>
    public DriftReport? Against(ModelInfo model)
    {
        if (model.FeatureDistribution is not { } distribution) return null;
        FeatureVector[] rows;
        lock (gate)
        {
            if (newest is null || featureSet != model.FeatureSet) return null;
            rows = [.. earlier, newest];
        }
        if (rows.Length < FewestSessions) return null;
        return new DriftReport(rows.Length, FeatureNames.All.Select((name, position) => (name, position)).Where(f => distribution.ContainsKey(f.name))
            .ToDictionary(f => f.name, f => Index(distribution[f.name], rows, f.position)));
    }

    private static double Index(FeatureBins bins, FeatureVector[] rows, int position)
    {
        var counts = new int[bins.Shares.Count];
        foreach (var row in rows) counts[bins.BinOf(row[position])]++;

        // An empty bin counts as half a session: its logarithm has no value, and the index would be all its.
        var least = 0.5 / rows.Length;
        var index = 0.0;
        for (var bin = 0; bin < counts.Length; bin++)
        {
            var (actual, expected) = (Math.Max((double)counts[bin] / rows.Length, least), Math.Max(bins.Shares[bin], least));
            index += (actual - expected) * Math.Log(actual / expected);
        }
        return index;
    }
}
