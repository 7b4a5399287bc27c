using System.Runtime.CompilerServices;
using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Core.Features;

/// <summary>The features of stored sessions, in date order: what replay, backtest and training export walk along.</summary>
public static class FeatureSeries
{
    /// <summary>
    /// Every stored session between two dates (both included; open where null) with its features or the reason it has
    /// none. Earlier sessions are read to warm the extractor up, so a date's features do not depend on where one starts.
    /// </summary>
    public static async IAsyncEnumerable<SessionFeatures> ReadAsync(
        IBarStore store, Market market, IFeatureExtractor extractor, DateOnly? from, DateOnly? to, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var start = from is { } first
            ? await store.LookBackAsync(market.Id, first, extractor.LookBackSessions, cancellation).ConfigureAwait(false) ?? first
            : (DateOnly?)null;
        await foreach (var session in store.ReadAsync(market, start, to, cancellation).ConfigureAwait(false))
        {
            var reading = extractor.Push(session);
            if (from is null || session.Date >= from) yield return new SessionFeatures(session, reading);
        }
    }
}

/// <summary>A session and what its features are.</summary>
/// <param name="Session">The session.</param>
/// <param name="Reading">Its features, or the reason there are none.</param>
public readonly record struct SessionFeatures(Session Session, FeatureReading Reading);
