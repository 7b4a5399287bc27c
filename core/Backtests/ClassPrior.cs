using System.Globalization;
using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Core.Backtests;

/// <summary>The forecast that looks at nothing: how often each strategy was the one to have. A model that knows something beats it.</summary>
/// <param name="Probabilities">Mean soft target, by strategy id.</param>
/// <param name="Sessions">Of how many sessions.</param>
/// <param name="Source">Which those are, for people.</param>
public sealed record ClassPrior(IReadOnlyList<float> Probabilities, int Sessions, string Source)
{
    /// <summary>
    /// Of the model's training period as the stored bars have it; where the model does not say one or the bars lack it, of the
    /// sessions settled before the backtest; where there are none of these either, an even one.
    /// </summary>
    public static async Task<ClassPrior> ReadAsync(IBarStore bars, Market market, OutcomeRule rule, ModelInfo model, DateOnly first, CancellationToken cancellation)
    {
        if (model.TrainedTo is { } trainedTo)
        {
            var trained = await OutcomesAsync(bars, market, rule, model.TrainedFrom, trainedTo, cancellation).ConfigureAwait(false);
            if (trained.Count > 0) return Of(trained, rule, $"the model's training period, {Text(trained[0].Session)} to {Text(trained[^1].Session)}");
        }
        var earlier = await OutcomesAsync(bars, market, rule, null, first, cancellation).ConfigureAwait(false);
        return earlier.Count > 0
            ? Of(earlier, rule, $"the sessions before, {Text(earlier[0].Session)} to {Text(earlier[^1].Session)}")
            : new ClassPrior([.. Strategy.All.Select(_ => 1f / Strategy.Count)], 0, "nothing (there is no earlier session): all alike");
    }

    private static ClassPrior Of(IReadOnlyCollection<SessionOutcome> outcomes, OutcomeRule rule, string source)
    {
        var sum = new double[Strategy.Count];
        foreach (var target in outcomes.Select(o => rule.Target(o.Utilities)))
        {
            for (var id = 0; id < sum.Length; id++) sum[id] += target[id];
        }
        return new ClassPrior([.. sum.Select(s => (float)(s / outcomes.Count))], outcomes.Count, source);
    }

    private static async Task<IReadOnlyList<SessionOutcome>> OutcomesAsync(
        IBarStore bars, Market market, OutcomeRule rule, DateOnly? from, DateOnly to, CancellationToken cancellation) =>
        await OutcomeSeries.ReadAsync(bars, market, rule, from, to, cancellation).ToListAsync(cancellation).ConfigureAwait(false);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
