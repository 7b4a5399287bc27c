using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Core.Features;

/// <summary>
/// <c>legacy-v1</c>: what the original system computed, number for number, its oddities included. It made a table with
/// a row for each session of the last 30 calendar days, filled the holes of every column forward, then with a
/// default, and took the last row. (Filling back changes the last row only where filling forward has done so.)
/// </summary>
internal sealed class LegacyV1Extractor : IFeatureExtractor
{
    private const int WindowDays = 30;
    private const int VolumeBars = 20;
    private const int SessionsNeeded = 21;

    // The original's neutral values. Its reference output shows those of the returns and of the correlation
    // (a window of fewer than 20 sessions, a symbol's second session); the others stand in for inputs that it
    // always had.
    private static readonly double[] Defaults = [20, 0, 0, 1, 0.5, 0.5, 1, 0.5, 0.02];

    private readonly SessionWindow window;
    private readonly int[] symbols;
    private readonly int[] others;
    private readonly int benchmark;
    private readonly int volatilityIndex;
    private readonly double[] crossSection;
    private readonly double[] returns;
    private double correlation;

    public LegacyV1Extractor(Market market)
    {
        window = new SessionWindow(market, LookBackSessions + 1);
        benchmark = window.IndexOf(market.Benchmark);
        volatilityIndex = window.IndexOf(market.VolatilityIndex);

        // The original knew no put/call series. It took the volatility index for a symbol like any other.
        symbols = [.. market.Symbols.Where(s => s != market.PutCallSymbol).Select(window.IndexOf)];
        others = [.. symbols.Where(s => s != benchmark)];
        crossSection = new double[others.Length];
        returns = new double[others.Length * (WindowDays + 1)];
    }

    public string FeatureSet => FeatureSets.LegacyV1;

    /// <summary>
    /// Up to 31 sessions of the window and the 19 bars before its first, with room for a symbol's missing bars: a
    /// symbol's earlier bars count only as far back as this.
    /// </summary>
    public int LookBackSessions => 60;

    public FeatureReading Push(Session session)
    {
        window.Push(session);
        if (window.Count < SessionsNeeded)
            return FeatureReading.None($"warming up: {window.Count} of {SessionsNeeded} sessions seen", warmingUp: true);

        var rows = RowsOfWindow();
        correlation = WindowCorrelation(rows);

        Span<double> features = stackalloc double[FeatureNames.Count];
        var missing = 0;
        for (var i = 0; i < FeatureNames.SignalQuality; i++)
        {
            if (double.IsNaN(Raw(i, ago: 0, rows))) missing++;
            features[i] = Filled(i, rows);
        }
        // The date counts as one of ten, and is never missing.
        features[FeatureNames.SignalQuality] = 1 - (missing / 10.0);
        return FeatureReading.Of(FeatureVector.From(features));
    }

    private int RowsOfWindow()
    {
        var first = window.Date(0).AddDays(-WindowDays);
        var rows = 1;
        while (rows < window.Count && window.Date(rows) >= first) rows++;
        return rows;
    }

    private double Filled(int feature, int rows)
    {
        for (var ago = 0; ago < rows; ago++)
        {
            var value = Raw(feature, ago, rows);
            if (!double.IsNaN(value)) return value;
        }
        return Defaults[feature];
    }

    /// <summary>A cell of the table before filling; NaN where it is empty.</summary>
    private double Raw(int feature, int ago, int rows) => feature switch
    {
        FeatureNames.Vix => window.Close(volatilityIndex, ago),
        FeatureNames.BenchmarkReturn5 => SumOfBenchmarkReturns(5, ago, rows),
        FeatureNames.BenchmarkReturn20 => SumOfBenchmarkReturns(20, ago, rows),
        FeatureNames.VolumeRatio => VolumeRatio(ago),
        FeatureNames.MarketBreadth => Breadth(ago),
        FeatureNames.Correlation => correlation,
        FeatureNames.PutCallRatio => window.Close(volatilityIndex, ago) / 20,
        FeatureNames.Gini => Gini(ago),
        _ => Statistics.SampleDeviation(CrossSection(ago)),
    };

    /// <summary>Sum of the benchmark's last returns; those before the window do not count, so early rows are empty.</summary>
    private double SumOfBenchmarkReturns(int count, int ago, int rows)
    {
        if (double.IsNaN(window.Close(benchmark, ago))) return double.NaN;
        var sum = 0.0;
        for (var back = ago; back < rows; back++)
        {
            var value = ReturnSinceLastBar(benchmark, back);
            if (double.IsNaN(value)) continue;
            sum += value;
            if (--count == 0) return sum;
        }
        return double.NaN;
    }

    private double VolumeRatio(int ago)
    {
        var sum = 0.0;
        var count = 0;
        foreach (var symbol in symbols)
        {
            var ratio = window.Volume(symbol, ago) / MeanVolume(symbol, ago);
            if (double.IsNaN(ratio)) continue;
            sum += ratio;
            count++;
        }
        return sum / count;
    }

    /// <summary>Mean of a symbol's last 20 volumes, this one included; NaN when it has fewer.</summary>
    private double MeanVolume(int symbol, int ago)
    {
        var sum = 0.0;
        var bars = 0;
        for (var back = ago; back < window.Count && bars < VolumeBars; back++)
        {
            var volume = window.Volume(symbol, back);
            if (double.IsNaN(volume)) continue;
            sum += volume;
            bars++;
        }
        return bars == VolumeBars ? sum / VolumeBars : double.NaN;
    }

    private double Breadth(int ago)
    {
        var moved = CrossSection(ago);
        var rose = 0;
        foreach (var value in moved)
        {
            if (value > 0) rose++;
        }
        return (double)rose / moved.Length;
    }

    /// <summary>Not a Gini coefficient, but what the original called one: the deviation against the mean size of the moves.</summary>
    private double Gini(int ago)
    {
        var moved = CrossSection(ago);
        var sum = 0.0;
        foreach (var value in moved) sum += Math.Abs(value);
        return Math.Clamp(Statistics.SampleDeviation(moved) / ((sum / moved.Length) + 1e-6), 0, 1);
    }

    private ReadOnlySpan<double> CrossSection(int ago)
    {
        var count = 0;
        foreach (var symbol in others)
        {
            var value = ReturnSinceLastBar(symbol, ago);
            if (!double.IsNaN(value)) crossSection[count++] = value;
        }
        return crossSection.AsSpan(0, count);
    }

    /// <summary>
    /// Mean of the correlation matrix over the window, diagonal included. One pair without a correlation (a symbol with
    /// a single return) empties the whole; a symbol without any return is not in the matrix.
    /// </summary>
    private double WindowCorrelation(int rows)
    {
        var series = 0;
        foreach (var symbol in others)
        {
            var row = returns.AsSpan(series * rows, rows);
            for (var i = 0; i < rows; i++) row[i] = ReturnSinceLastBar(symbol, rows - 1 - i);
            if (row.ContainsAnyExcept(double.NaN)) series++;
        }

        var sum = 0.0;
        for (var x = 0; x < series; x++)
        {
            for (var y = x; y < series; y++)
            {
                var pair = Statistics.Correlation(returns.AsSpan(x * rows, rows), returns.AsSpan(y * rows, rows), minimumCommon: 1);
                sum += x == y ? pair : 2 * pair;
            }
        }
        return sum / (series * series);
    }

    /// <summary>Return since the symbol's own last bar, whichever session that was; NaN without a bar now or before.</summary>
    private double ReturnSinceLastBar(int symbol, int ago)
    {
        var close = window.Close(symbol, ago);
        if (double.IsNaN(close)) return double.NaN;
        for (var back = ago + 1; back < window.Count; back++)
        {
            var before = window.Close(symbol, back);
            if (!double.IsNaN(before)) return (close / before) - 1;
        }
        return double.NaN;
    }
}
