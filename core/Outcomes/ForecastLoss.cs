namespace Trm.Core.Outcomes;

/// <summary>How far eight probabilities lie from what came; 0 is perfect foresight.</summary>
public static class ForecastLoss
{
    /// <summary>A float's softmax may be 0, whose logarithm no average survives.</summary>
    private const double Least = 1e-12;

    /// <summary>Cross-entropy −Σ target·ln p in nats. With a soft target its least is the target's own entropy.</summary>
    /// <param name="probabilities">Eight, by strategy id.</param>
    /// <param name="target">Eight, by strategy id; sums to 1.</param>
    public static double Log(IReadOnlyList<float> probabilities, IReadOnlyList<double> target)
    {
        var loss = 0.0;
        for (var id = 0; id < target.Count; id++) loss -= target[id] * Math.Log(Math.Max(probabilities[id], Least));
        return loss;
    }

    /// <summary>−ln of the probability that the best strategy was given, in nats.</summary>
    public static double Log(IReadOnlyList<float> probabilities, int best) => -Math.Log(Math.Max(probabilities[best], Least));

    /// <summary>Σ (p − 1 for the best, p for the others)², 0 to 2 (Brier 1950, the form for several classes).</summary>
    public static double Brier(IReadOnlyList<float> probabilities, int best)
    {
        var loss = 0.0;
        for (var id = 0; id < probabilities.Count; id++)
        {
            var missed = probabilities[id] - (id == best ? 1.0 : 0.0);
            loss += missed * missed;
        }
        return loss;
    }
}
