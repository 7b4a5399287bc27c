namespace Trm.Core.Outcomes;

/// <summary>Predictions whose confidence lies in (<see cref="From"/>, <see cref="To"/>], and how often they were right.</summary>
/// <param name="From">Lower end.</param>
/// <param name="To">Upper end.</param>
/// <param name="Sessions">How many there are, 1 or more.</param>
/// <param name="AverageConfidence">Their mean confidence.</param>
/// <param name="HitRate">The share that was right: equal to the mean confidence when a model knows what it does not know.</param>
public sealed record ReliabilityBin(double From, double To, int Sessions, double AverageConfidence, double HitRate)
{
    /// <summary>Bins of equal width between 0 and 1.</summary>
    public const int Count = 10;

    /// <summary>The bins that have predictions, ascending.</summary>
    public static IReadOnlyList<ReliabilityBin> Of(IReadOnlyCollection<JudgedPrediction> predictions) =>
    [
        .. predictions.GroupBy(p => Math.Clamp((int)Math.Ceiling(p.Confidence * Count) - 1, 0, Count - 1)).OrderBy(bin => bin.Key).Select(bin => new ReliabilityBin(
            (double)bin.Key / Count, (double)(bin.Key + 1) / Count, bin.Count(), bin.Average(p => p.Confidence), bin.Average(p => p.IsHit ? 1.0 : 0.0))),
    ];

    /// <summary>Expected calibration error (Guo et al. 2017): the mean distance of confidence from hit rate, weighted by the bins' sessions.</summary>
    public static double CalibrationError(IReadOnlyCollection<ReliabilityBin> bins) =>
        bins.Sum(bin => bin.Sessions * Math.Abs(bin.AverageConfidence - bin.HitRate)) / Math.Max(1, bins.Sum(bin => bin.Sessions));
}
