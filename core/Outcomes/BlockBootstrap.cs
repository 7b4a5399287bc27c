namespace Trm.Core.Outcomes;

/// <summary>
/// How sure a mean is when neighbours are alike: the circular block bootstrap (Politis and Romano 1992). Horizons of sessions that
/// follow each other overlap, so that whole runs of sessions are drawn and not single ones.
/// </summary>
/// <param name="BlockLength">Sessions drawn together, 1 or more; some times the horizon.</param>
/// <param name="Resamples">Means drawn.</param>
/// <param name="Level">Share of them within the interval: 0.95.</param>
/// <param name="Seed">The same seed draws the same.</param>
public sealed record BlockBootstrap(int BlockLength = 20, int Resamples = 2_000, double Level = 0.95, int Seed = 1)
{
    /// <summary>The interval of the mean, between the percentiles that leave (1 − <see cref="Level"/>)/2 on either side.</summary>
    /// <param name="values">In time order, one or more.</param>
    public (double Low, double High) Interval(IReadOnlyList<double> values)
    {
        var random = new Random(Seed);
        var means = new double[Resamples];
        for (var i = 0; i < means.Length; i++) means[i] = ResampledMean(values, random);
        Array.Sort(means);
        var tail = (1 - Level) / 2;
        return (Percentile.OfSorted(means, tail), Percentile.OfSorted(means, 1 - tail));
    }

    private double ResampledMean(IReadOnlyList<double> values, Random random)
    {
        var (sum, drawn) = (0.0, 0);
        while (drawn < values.Count)
        {
            var start = random.Next(values.Count);
            for (var k = 0; k < BlockLength && drawn < values.Count; k++, drawn++) sum += values[(start + k) % values.Count];
        }
        return sum / values.Count;
    }
}
