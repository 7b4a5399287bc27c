using Trm.Core.Drift;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Core.Outcomes;

/// <summary>
/// Reads what came of predictions, by the market's own clock: what its newest prediction cannot know yet is left out, also when an
/// earlier replay recorded it.
/// </summary>
/// <param name="outcomes">Where it is recorded.</param>
/// <param name="drift">How far a market's features are from the training rows, by its id.</param>
public sealed class OutcomeBook(IOutcomeLog outcomes, Func<string, DriftReport?> drift)
{
    private static readonly OutcomeRule Rule = OutcomeRule.UtilityV1;

    /// <summary>A range of outcomes, and the newest of each model.</summary>
    /// <param name="market">The market.</param>
    /// <param name="latest">Its newest prediction; null when it has none.</param>
    /// <param name="query">Which; its <see cref="OutcomeQuery.SettledBy"/> is the market's clock, whatever it says.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TrmException">Outcomes cannot be read now, or the limit is none.</exception>
    public async Task<OutcomePage> ReadAsync(Market market, Prediction? latest, OutcomeQuery query, CancellationToken cancellation = default)
    {
        if (latest is null) return OutcomePage.Empty;
        if (latest.Origin == SnapshotOrigin.Simulated) return OutcomePage.Simulated;
        var now = market.LastClosed(latest.AsOf);
        var range = await outcomes.ReadAsync(market.Id, Rule, query with { SettledBy = now }, cancellation).ConfigureAwait(false);
        var newest = await outcomes.NewestAsync(market.Id, Rule, now, OutcomePage.WindowSessions, cancellation).ConfigureAwait(false);
        return new OutcomePage(Rule, range, query.ModelVersion is { } model ? [.. newest.Where(p => p.ModelVersion == model)] : newest);
    }

    /// <summary>A summary with what came of the newest model's predictions, and with drift.</summary>
    /// <exception cref="TrmException">Outcomes cannot be read now.</exception>
    public async Task<PredictionSummary> CompleteAsync(Market market, PredictionSummary summary, CancellationToken cancellation = default)
    {
        var page = await ReadAsync(market, summary.Last, new OutcomeQuery { Limit = 1 }, cancellation).ConfigureAwait(false);
        return summary with { Outcomes = page.Statistics is [var newest, ..] ? newest.Digest : null, Drift = drift(market.Id) };
    }
}
