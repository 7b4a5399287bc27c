namespace Trm.Core.Drift;

/// <summary>How a feature was spread over a model's training rows.</summary>
/// <param name="Edges">Interior edges, ascending, at most 9: bins are (−∞, e₁], (e₁, e₂], …, (eₖ, ∞).</param>
/// <param name="Shares">Share of the rows in each bin, one more than there are edges; they sum to 1.</param>
public sealed record FeatureBins(IReadOnlyList<double> Edges, IReadOnlyList<double> Shares)
{
    /// <summary>The most edges there may be: ten bins.</summary>
    public const int MaxEdges = 9;

    /// <summary>The bin that a value falls into, from 0.</summary>
    public int BinOf(double value)
    {
        var bin = 0;
        while (bin < Edges.Count && value > Edges[bin]) bin++;
        return bin;
    }
}
