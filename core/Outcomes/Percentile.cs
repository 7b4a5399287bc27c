namespace Trm.Core.Outcomes;

/// <summary>Percentiles, interpolated between neighbours (as NumPy's default does).</summary>
public static class Percentile
{
    /// <param name="sorted">Ascending, one or more.</param>
    /// <param name="share">0 to 1: 0.9 is the 90th percentile.</param>
    public static double OfSorted(IReadOnlyList<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)place;
        return below + 1 < sorted.Count ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
