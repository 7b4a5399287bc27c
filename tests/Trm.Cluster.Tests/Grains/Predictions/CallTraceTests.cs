using System.Diagnostics;
using Trm.Cluster.Tests.Support;
using Trm.Core.Telemetry;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Cluster.Tests.Grains.Predictions;

public sealed class CallTraceTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_predictor_works_for_the_span_of_who_asks_through_the_pool_when_it_is_recorded(bool isRecorded)
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == TrmTelemetry.Name };
        ActivitySource.AddActivityListener(listener);
        var market = fixture.Cluster.World.Add();
        var heard = new List<ActivityContext?>();
        market.Predicting = _ =>
        {
            heard.Add(TrmTelemetry.Caller);
            return Task.CompletedTask;
        };

        using var asker = new Activity("a trading service") { ActivityTraceFlags = isRecorded ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None }.Start();
        var pool = new PredictorPool(fixture.Cluster.Client);
        await pool.PredictAsync(market.Snapshot(1, session: 1).Features);
        await pool.PredictManyAsync([market.Snapshot(2, session: 2).Features]);

        Assert.Equal(isRecorded ? [asker.SpanId, asker.SpanId] : [null, null], heard.Select(caller => caller?.SpanId));
    }
}
