using System.Runtime.CompilerServices;
using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Core.Outcomes;

/// <summary>The outcomes of stored sessions, in date order: what training export, backtest and the log's outcomes walk along.</summary>
public static class OutcomeSeries
{
    /// <summary>
    /// Every session between two dates (both included; open where null) whose horizon is over by the second of them. Nothing
    /// after it is read: an outcome never knows more than was known on that day. Sessions that lack the benchmark's or the bond's
    /// close are passed over, and their neighbours follow each other.
    /// </summary>
    public static async IAsyncEnumerable<SessionOutcome> ReadAsync(
        IBarStore store, Market market, OutcomeRule rule, DateOnly? from, DateOnly? to, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var window = new Closes[rule.HorizonSessions + 1];
        var count = 0;
        await foreach (var closes in ClosesAsync(store, market, from, to, cancellation).ConfigureAwait(false))
        {
            if (count == window.Length) Array.Copy(window, 1, window, 0, --count);
            window[count++] = closes;
            if (count == window.Length) yield return rule.Judge(window);
        }
    }

    /// <summary>Every session between two dates (both included; open where null) that has both closes.</summary>
    public static async IAsyncEnumerable<Closes> ClosesAsync(
        IBarStore store, Market market, DateOnly? from, DateOnly? to, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var session in store.ReadAsync(market, from, to, cancellation).ConfigureAwait(false))
        {
            if (Closes.Of(session, market) is { } closes) yield return closes;
        }
    }
}
