using System.Globalization;
using System.Text.Json;
using Trm.Cluster.Tests.Support;
using Trm.Core.Bars;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Cluster.Tests.Grains.Predictions;

/// <summary>What came of a cluster's predictions.</summary>
public sealed class OutcomeTests : IAsyncLifetime
{
    private readonly TestWorld world = new();
    private readonly TestMarket market;
    private TestCluster cluster = null!;

    public OutcomeTests()
    {
        market = world.Add();
        world.Sessions.Sessions.AddRange(Enumerable.Range(0, 30).Select(day => new Session(Day(day), new Dictionary<string, Bar>
        {
            ["SPY"] = new("SPY", Day(day), 100 + day, 100 + day, 100 + day, 100 + day, 1),
            ["TLT"] = new("TLT", Day(day), 50, 50, 50, 50, 1),
        })));
    }

    public async ValueTask InitializeAsync() => cluster = await TestCluster.StartAsync(silos: 2, world: world);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private IHistoryGrain History => cluster.Grain<IHistoryGrain>(market.Id);

    [Fact]
    public async Task Appended_predictions_are_judged_when_their_horizon_is_over()
    {
        for (var day = 0; day < 9; day++) await AppendAsync(day);

        await RecordedAsync(4);
        var page = await History.OutcomesAsync(new OutcomeQuery());
        Assert.Equal([1L, 2, 3, 4], page.Outcomes.Select(p => p.Sequence));
        Assert.Equal(("fake-1", 4), (page.Statistics.Single().ModelVersion, page.Statistics.Single().Figures.Sessions));
        Assert.Equal(4, (await History.SummarizeAsync()).Outcomes!.Sessions);
    }

    [Fact]
    public async Task What_a_dead_silo_left_unjudged_another_judges()
    {
        world.Outcomes.Fail = int.MaxValue;
        for (var day = 0; day < 9; day++) await AppendAsync(day);
        await Eventually.TrueAsync(() => world.Outcomes.Records > 0);
        Assert.Empty(world.Outcomes.Sessions(market.Id));

        var home = await cluster.SiloOfAsync(History);
        await cluster.KillAsync(home!);
        world.Outcomes.Fail = 0;
        Assert.Equal(9, (await Eventually.AnsweredAsync(() => History.HeadAsync())).Sequence);

        await RecordedAsync(4);
    }

    [Fact]
    public async Task Outcomes_that_cannot_be_recorded_hold_up_no_append()
    {
        world.Outcomes.Fail = int.MaxValue;

        for (var day = 0; day < 30; day++) await AppendAsync(day);

        Assert.Equal(30, (await History.HeadAsync()).Sequence);
        await Eventually.TrueAsync(() => world.Outcomes.Records > 0);
    }

    [Fact]
    public async Task The_gateway_serves_them()
    {
        for (var day = 0; day < 9; day++) await AppendAsync(day);
        await RecordedAsync(4);
        await using var gateway = await TestGateway.StartAsync(cluster);
        await gateway.ReadyAsync();

        var page = JsonDocument.Parse(await gateway.Http.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"/api/markets/{market.Id}/outcomes?after={Day(1):yyyy-MM-dd}"))).RootElement;

        Assert.Equal([3, 4], page.GetProperty("outcomes").EnumerateArray().Select(o => o.GetProperty("sequence").GetInt32()));
        Assert.Equal(4, page.GetProperty("statistics")[0].GetProperty("sessions").GetInt32());
        var summary = JsonDocument.Parse(await gateway.Http.GetStringAsync($"/api/markets/{market.Id}/summary")).RootElement;
        Assert.Equal(4, summary.GetProperty("outcomes").GetProperty("sessions").GetInt32());
    }

    private async Task AppendAsync(int day)
    {
        var epoch = (await History.HeadAsync()).Epoch;
        var prediction = TestPredictions.Of(market, day + 1, epoch) with { AsOf = market.Definition.CloseOf(Day(day)), Origin = SnapshotOrigin.Replay };
        Assert.Equal(AppendResult.Added, (await History.AppendAsync(prediction)).Result);
    }

    private Task RecordedAsync(int sessions) => Eventually.TrueAsync(() => world.Outcomes.Sessions(market.Id).Count == sessions);

    // Weekdays and weekends alike: a session is what has bars.
    private static DateOnly Day(int number) => new DateOnly(2020, 1, 6).AddDays(number);
}
