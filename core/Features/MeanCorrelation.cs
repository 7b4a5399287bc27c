namespace Trm.Core.Features;

/// <summary>
/// Mean pairwise correlation of many return series without computing every pair: for series z standardised to
/// length 1, the correlation of a pair is z·z′ and the sum over all pairs is (|Σz|² − n) / 2. That costs
/// O(series × sessions). Only series with gaps are paired one by one, over the sessions both have.
/// </summary>
/// <param name="series">How many series.</param>
/// <param name="sessions">Returns in each.</param>
/// <param name="minimumCommon">Sessions that two series must share to count as a pair.</param>
internal sealed class MeanCorrelation(int series, int sessions, int minimumCommon)
{
    private readonly double[] sumOfStandardised = new double[sessions];
    private readonly int[] complete = new int[series];
    private readonly int[] gappy = new int[series];

    /// <summary>
    /// The mean over pairs, −1 to 1; NaN when there is no pair. Series that do not vary are left out.
    /// </summary>
    /// <param name="returns">Series after series, each in time order, NaN where there is none.</param>
    public double Of(ReadOnlySpan<double> returns)
    {
        var (completeCount, gappyCount) = Standardise(returns);

        var squaredLength = 0.0;
        foreach (var value in sumOfStandardised) squaredLength += value * value;
        var sum = (squaredLength - completeCount) / 2;
        var pairs = completeCount * (completeCount - 1) / 2;

        for (var i = 0; i < gappyCount; i++)
        {
            var row = Row(returns, gappy[i]);
            for (var j = 0; j < completeCount; j++) Add(row, Row(returns, complete[j]), ref sum, ref pairs);
            for (var j = 0; j < i; j++) Add(row, Row(returns, gappy[j]), ref sum, ref pairs);
        }
        return pairs == 0 ? double.NaN : Math.Clamp(sum / pairs, -1, 1);
    }

    private (int Complete, int Gappy) Standardise(ReadOnlySpan<double> returns)
    {
        Array.Clear(sumOfStandardised);
        int completeCount = 0, gappyCount = 0;
        for (var s = 0; s < series; s++)
        {
            var row = Row(returns, s);
            var mean = Statistics.Mean(row);
            if (double.IsNaN(mean))
            {
                gappy[gappyCount++] = s;
                continue;
            }
            var squaredDeviations = Statistics.SquaredDeviations(row, mean);
            if (!Statistics.Varies(squaredDeviations, mean, sessions)) continue;

            complete[completeCount++] = s;
            var length = Math.Sqrt(squaredDeviations);
            for (var i = 0; i < row.Length; i++) sumOfStandardised[i] += (row[i] - mean) / length;
        }
        return (completeCount, gappyCount);
    }

    private void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ref double sum, ref int pairs)
    {
        var correlation = Statistics.Correlation(x, y, minimumCommon);
        if (double.IsNaN(correlation)) return;
        sum += correlation;
        pairs++;
    }

    private ReadOnlySpan<double> Row(ReadOnlySpan<double> returns, int s) => returns.Slice(s * sessions, sessions);
}
