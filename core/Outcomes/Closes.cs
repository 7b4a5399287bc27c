using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Core.Outcomes;

/// <summary>What the strategies hold, at one session's close; cash keeps its worth.</summary>
/// <param name="Session">The exchange's date.</param>
/// <param name="Benchmark">Close of the equity benchmark, &gt; 0.</param>
/// <param name="Bond">Close of the bond, &gt; 0.</param>
public readonly record struct Closes(DateOnly Session, double Benchmark, double Bond)
{
    /// <summary>Both closes of a session; null when one of the two has no bar: no allocation has a price then.</summary>
    public static Closes? Of(Session session, Market market) =>
        session.Bars.TryGetValue(market.Benchmark, out var benchmark) && session.Bars.TryGetValue(market.Bond, out var bond)
            ? new Closes(session.Date, benchmark.Close, bond.Close)
            : null;
}
