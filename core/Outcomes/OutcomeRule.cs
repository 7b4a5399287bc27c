using Trm.Core.Predictions;

namespace Trm.Core.Outcomes;

/// <summary>
/// What a strategy turned out to be worth: the one rule that training labels, backtests and the log's outcomes are made by. A
/// change of a number is a rule of another name.
/// </summary>
/// <param name="Name">In files and messages.</param>
/// <param name="HorizonSessions">Sessions after the decision that count.</param>
/// <param name="TotalRisk">Aversion to the return's square, as in mean-variance utility (Markowitz 1952); per unit of return.</param>
/// <param name="ActiveRisk">Aversion to straying from the mean of the eight, as a manager is held to a benchmark (Grinold and Kahn); per unit of return.</param>
/// <param name="Temperature">Of the soft target, in units of utility: strategies whose utilities lie within it share the target.</param>
public sealed record OutcomeRule(string Name, int HorizonSessions, double TotalRisk, double ActiveRisk, double Temperature)
{
    // Mean of the eight: what straying is measured from.
    private static readonly double MeanBenchmark = Strategy.All.Average(s => s.Benchmark / 100.0);
    private static readonly double MeanBond = Strategy.All.Average(s => s.Bond / 100.0);

    /// <summary>
    /// <c>utility-v1</c>, per strategy over 5 sessions of daily returns r, entered at the decision's close, r₀ being the plain
    /// mean of the eight: Σr − 5/2·Σr² − 240/2·Σ(r − r₀)². The first charge is an ordinary investor's; without the second one end of
    /// the eight would win nearly always, and with it each of them does.
    /// </summary>
    public static OutcomeRule UtilityV1 { get; } = new("utility-v1", HorizonSessions: 5, TotalRisk: 5, ActiveRisk: 240, Temperature: 0.0005);

    /// <summary>What each strategy realised: held from the first close to the last, back to its weights at each close between.</summary>
    /// <param name="closes">The decision's session and the <see cref="HorizonSessions"/> after it, in order.</param>
    /// <exception cref="ArgumentException">Not that many.</exception>
    public SessionOutcome Judge(ReadOnlySpan<Closes> closes)
    {
        if (closes.Length != HorizonSessions + 1)
            throw new ArgumentException($"{closes.Length} sessions given; {Name} takes the decision's and {HorizonSessions} after it", nameof(closes));

        var (growth, utilities) = (new double[Strategy.Count], new double[Strategy.Count]);
        Array.Fill(growth, 1);
        for (var day = 1; day < closes.Length; day++)
        {
            var benchmark = (closes[day].Benchmark / closes[day - 1].Benchmark) - 1;
            var bond = (closes[day].Bond / closes[day - 1].Bond) - 1;
            var mean = (MeanBenchmark * benchmark) + (MeanBond * bond);
            foreach (var strategy in Strategy.All)
            {
                var own = strategy.Return(benchmark, bond);
                growth[strategy.Id] *= 1 + own;
                utilities[strategy.Id] += own - (TotalRisk / 2 * own * own) - (ActiveRisk / 2 * (own - mean) * (own - mean));
            }
        }
        return new SessionOutcome(closes[0].Session, closes[^1].Session, [.. growth.Select(g => g - 1)], utilities);
    }

    /// <summary>The soft target: softmax of utility / <see cref="Temperature"/>, by strategy id; sums to 1.</summary>
    /// <param name="utilities">Eight, by strategy id.</param>
    public double[] Target(IReadOnlyList<double> utilities)
    {
        var best = utilities.Max();
        var target = utilities.Select(u => Math.Exp((u - best) / Temperature)).ToArray();
        var sum = target.Sum();
        return [.. target.Select(t => t / sum)];
    }
}
