using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Core.Backtests;

/// <summary>
/// What holding the decided strategies would have come to: entered at the close a decision was made of, held until the next
/// decision, back to the strategy's weights at each close.
/// </summary>
public sealed record EquityCurve
{
    private const double SessionsPerYear = 252;

    private EquityCurve(IReadOnlyList<EquityPoint> points, double traded)
    {
        Points = points;
        TotalReturn = points.Count == 0 ? 0 : points[^1].Equity - 1;
        Volatility = DeviationOf(points) * Math.Sqrt(SessionsPerYear);
        MaxDrawdown = DrawdownOf(points);
        var years = Math.Max(points.Count - 1, 1) / SessionsPerYear;
        AnnualReturn = Math.Pow(1 + TotalReturn, 1 / years) - 1;
        TurnoverPerYear = traded / years;
    }

    /// <summary>From the first decision's session on; it starts at 1.</summary>
    public IReadOnlyList<EquityPoint> Points { get; }

    /// <summary>Over the whole time, 0.01 = 1 %.</summary>
    public double TotalReturn { get; }

    /// <summary>The return a year (252 sessions) that compounds to <see cref="TotalReturn"/>.</summary>
    public double AnnualReturn { get; }

    /// <summary>Standard deviation of the sessions' returns, times √252.</summary>
    public double Volatility { get; }

    /// <summary>The deepest fall from an earlier high, as a share of it: 0.3 = 30 %.</summary>
    public double MaxDrawdown { get; }

    /// <summary>
    /// Bought and sold a year by decisions for another strategy, as a share of the equity: |Δ benchmark| + |Δ bond|. A cost of 1
    /// basis point takes this many basis points a year. (Going back to the same weights is not counted, nor is the start.)
    /// </summary>
    public double TurnoverPerYear { get; }

    /// <summary>Walks along closes.</summary>
    /// <param name="closes">In date order.</param>
    /// <param name="decisions">By session; one of a session without closes is not carried out.</param>
    /// <param name="costBasisPoints">Cost of a trade, in 1/100 % of what is bought or sold.</param>
    public static EquityCurve Of(IEnumerable<Closes> closes, IReadOnlyDictionary<DateOnly, Strategy> decisions, double costBasisPoints = 0)
    {
        var (points, traded, equity) = (new List<EquityPoint>(), 0.0, 1.0);
        Strategy? held = null;
        Closes before = default;
        foreach (var now in closes)
        {
            if (held is not null) equity *= 1 + held.Return((now.Benchmark / before.Benchmark) - 1, (now.Bond / before.Bond) - 1);
            if (decisions.TryGetValue(now.Session, out var decided))
            {
                var trade = held is null ? 0 : (Math.Abs(decided.Benchmark - held.Benchmark) + Math.Abs(decided.Bond - held.Bond)) / 100.0;
                traded += trade;
                equity *= 1 - (trade * costBasisPoints / 10_000);
                held = decided;
            }
            if (held is not null) points.Add(new EquityPoint(now.Session, equity));
            before = now;
        }
        return new EquityCurve(points, traded);
    }

    private static double DeviationOf(IReadOnlyList<EquityPoint> points)
    {
        if (points.Count < 3) return 0;
        var returns = points.Zip(points.Skip(1), (a, b) => (b.Equity / a.Equity) - 1).ToArray();
        var mean = returns.Average();
        return Math.Sqrt(returns.Sum(r => (r - mean) * (r - mean)) / (returns.Length - 1));
    }

    private static double DrawdownOf(IReadOnlyList<EquityPoint> points)
    {
        var (high, deepest) = (0.0, 0.0);
        foreach (var point in points)
        {
            high = Math.Max(high, point.Equity);
            deepest = Math.Max(deepest, 1 - (point.Equity / high));
        }
        return deepest;
    }
}

/// <summary>What 1 had become by a session's close.</summary>
/// <param name="Session">The session.</param>
/// <param name="Equity">Its worth, decisions of this close included.</param>
public readonly record struct EquityPoint(DateOnly Session, double Equity);
