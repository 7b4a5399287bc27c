using System.Diagnostics;
using System.Globalization;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Snapshots;
using Trm.Core.Telemetry;

namespace Trm.MarketData.Sources;

/// <summary>
/// Makes a reading of a session's features: the one place where sources stamp time, trace and quality.
/// </summary>
internal sealed class SnapshotFactory(Market market, SnapshotOrigin origin, TimeProvider time)
{
    /// <summary>Starts the span of a tick; what follows, to the socket, descends from it.</summary>
    public Activity? Start() => TrmTelemetry.StartSnapshot(market.Id);

    /// <summary>The session as a snapshot, or why it is none.</summary>
    public SnapshotReading Read(Activity? span, long sequence, SessionReading session)
    {
        if (session.Reading.Features is not { } features)
        {
            span?.SetStatus(ActivityStatusCode.Error, session.Reading.Reason);
            return new SnapshotReading.Unavailable(
                "features_unavailable", string.Create(CultureInfo.InvariantCulture, $"session {session.Date:yyyy-MM-dd}: {session.Reading.Reason}"));
        }

        var now = Now();
        var asOf = origin == SnapshotOrigin.Simulated ? now : market.CloseOf(session.Date);
        // The bars of a session that is still open speak of now, not of a close that lies ahead.
        if (origin == SnapshotOrigin.Live && asOf > now) asOf = now;
        TimeSpan? staleness = null;
        var quality = session.Present;
        if (origin == SnapshotOrigin.Live)
        {
            staleness = now - asOf;
            if (staleness > market.FreshFor) quality = 0;
            if (session.FeatureSet == FeatureSets.CausalV2) features = features.With(FeatureNames.SignalQuality, quality);
        }
        return new SnapshotReading.Ready(new Snapshot
        {
            Market = market.Id,
            Sequence = sequence,
            AsOf = asOf,
            EmittedAt = now,
            EmittedTimestamp = time.GetTimestamp(),
            Origin = origin,
            FeatureSet = session.FeatureSet,
            Features = features,
            Quality = quality,
            Staleness = staleness,
            Proxies = session.Reading.Proxies,
            TraceParent = TrmTelemetry.TraceParentOf(span),
        });
    }

    // Whole microseconds, as the log keeps them.
    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
