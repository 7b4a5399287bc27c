namespace Trm.Core.Features;

/// <summary>The few statistics that features are made of; NaN where one is not defined.</summary>
internal static class Statistics
{
    /// <summary>Standard deviation with n − 1 in the denominator; NaN for fewer than two values.</summary>
    public static double SampleDeviation(ReadOnlySpan<double> values)
    {
        if (values.Length < 2) return double.NaN;
        return Math.Sqrt(SquaredDeviations(values, Mean(values)) / (values.Length - 1));
    }

    /// <summary>Arithmetic mean; NaN of nothing.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    /// <summary>Sum of (x − mean)².</summary>
    public static double SquaredDeviations(ReadOnlySpan<double> values, double mean)
    {
        var sum = 0.0;
        foreach (var value in values) sum += (value - mean) * (value - mean);
        return sum;
    }

    /// <summary>
    /// False when the deviations are no more than rounding of a constant series, whose correlation would be noise.
    /// </summary>
    public static bool Varies(double squaredDeviations, double mean, int count)
    {
        var rounding = 1e-12 * mean;
        return squaredDeviations > count * rounding * rounding;
    }

    /// <summary>
    /// Gini coefficient of values ≥ 0: Σ(2i − n − 1)·xᵢ / (n·Σx) over ascending x, i from 1. 0 when all are equal
    /// (zeros too), (n − 1)/n when one has everything; NaN for fewer than two values. Sorts the values in place.
    /// </summary>
    public static double Gini(Span<double> values)
    {
        var n = values.Length;
        if (n < 2) return double.NaN;
        values.Sort();
        double weighted = 0, total = 0;
        for (var i = 0; i < n; i++)
        {
            weighted += ((2 * (i + 1)) - n - 1) * values[i];
            total += values[i];
        }
        return total == 0 ? 0 : weighted / (n * total);
    }

    /// <summary>
    /// Pearson correlation over the positions where both have a value (not NaN); NaN when those are fewer than
    /// <paramref name="minimumCommon"/> or one of the two does not vary there.
    /// </summary>
    public static double Correlation(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int minimumCommon)
    {
        var common = 0;
        double sumX = 0, sumY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (double.IsNaN(x[i]) || double.IsNaN(y[i])) continue;
            common++;
            sumX += x[i];
            sumY += y[i];
        }
        if (common < minimumCommon || common == 0) return double.NaN;

        double meanX = sumX / common, meanY = sumY / common, xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (double.IsNaN(x[i]) || double.IsNaN(y[i])) continue;
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }
        return Varies(xx, meanX, common) && Varies(yy, meanY, common) ? xy / Math.Sqrt(xx * yy) : double.NaN;
    }
}
