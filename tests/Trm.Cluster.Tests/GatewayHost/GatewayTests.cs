using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Trm.Cluster.Tests.Support;
using Trm.Core;
using Trm.Gateway.Tests.Support;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Cluster.Tests.GatewayHost;

/// <summary>The gateway over a cluster, as its clients see it.</summary>
public sealed class GatewayTests : IClassFixture<ClusterFixture>, IAsyncLifetime
{
    private readonly TestCluster cluster;
    private readonly TestMarket market;
    private TestGateway gateway = null!;

    public GatewayTests(ClusterFixture fixture)
    {
        cluster = fixture.Cluster;
        market = cluster.World.Add();
    }

    public async ValueTask InitializeAsync()
    {
        await cluster.RunAsync(market);
        gateway = await TestGateway.StartAsync(cluster);
        await gateway.ReadyAsync();
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_client_gets_the_latest_at_once_and_then_what_comes()
    {
        market.LetOut(3);
        await cluster.LoggedAsync(market, 3);
        await using var client = await ConnectAsync();
        await client.SendAsync($$"""{"type":"subscribe","markets":["{{market.Id}}"]}""");
        Assert.Equal(3, (await NextAsync(client)).GetProperty("sequence").GetInt64());
        market.LetOut(4);
        var live = await NextAsync(client);
        Assert.Equal(4, live.GetProperty("sequence").GetInt64());
        Assert.Equal("live", live.GetProperty("source").GetString());
        Assert.Equal(market.TraceOf(4), live.GetProperty("trace_id").GetString());
        Assert.Equal(cluster.World.Predictions.Epoch(market.Id), live.GetProperty("epoch").GetGuid());
    }

    [Fact]
    public async Task The_age_of_a_markets_bars_is_reported_whichever_silo_has_it()
    {
        var ages = new ConcurrentBag<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "trm.market.staleness") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, age, tags, _) =>
        {
            foreach (var (key, value) in tags)
            {
                if (key == "market" && market.Id.Equals(value)) ages.Add(age);
            }
        });
        listener.Start();
        market.LetOut(3);
        await cluster.LoggedAsync(market, 3);

        await Eventually.TrueAsync(() =>
        {
            listener.RecordObservableInstruments();
            return !ages.IsEmpty;
        });
    }

    [Fact]
    public async Task A_resumed_client_gets_what_it_missed_in_order_and_then_live()
    {
        market.LetOut(20);
        await cluster.LoggedAsync(market, 20);
        await using var client = await ConnectAsync();
        await client.SendAsync($$$"""{"type":"subscribe","markets":["{{{market.Id}}}"],"delivery":"all","since":{"{{{market.Id}}}":{"epoch":"{{{cluster.World.Predictions.Epoch(market.Id)}}}","sequence":4} } }""");
        await client.NextAsync("subscribed");
        market.LetOut(30);
        for (var sequence = 5; sequence <= 30; sequence++) Assert.Equal(sequence, (await NextAsync(client)).GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_replay_whose_log_is_away_for_a_moment_goes_on_where_it_was()
    {
        market.LetOut(10);
        await cluster.LoggedAsync(market, 10);
        await using var client = await ConnectAsync();
        using (cluster.World.Predictions.RefuseReads(market.Id))
        {
            await client.SendAsync($$$"""{"type":"subscribe","markets":["{{{market.Id}}}"],"delivery":"all","since":{"{{{market.Id}}}":{"epoch":"{{{cluster.World.Predictions.Epoch(market.Id)}}}","sequence":2} } }""");
            await client.NextAsync("subscribed");
            market.LetOut(12);
            await cluster.LoggedAsync(market, 12);
            await Eventually.TrueAsync(() => cluster.World.Predictions.Refusals(market.Id) >= 2);
        }
        for (var sequence = 3; sequence <= 12; sequence++) Assert.Equal(sequence, (await NextAsync(client)).GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task An_error_of_a_tick_reaches_the_clients()
    {
        market.Predicting = _ => throw new TrmException("invalid_features", "the model cannot take these");
        await using var client = await ConnectAsync();
        await client.SendAsync($$"""{"type":"subscribe","markets":["{{market.Id}}"]}""");
        await client.NextAsync("subscribed");
        market.LetOut(1);
        while (true)
        {
            var error = await client.NextAsync("prediction_error");
            if (error.GetProperty("market").GetString() != market.Id) continue;
            Assert.Equal("invalid_features", error.GetProperty("code").GetString());
            return;
        }
    }

    [Fact]
    public async Task The_model_answers_in_both_protocols()
    {
        using var predicted = await gateway.Http.PostAsJsonAsync("/api/predict", Features());
        Assert.Equal(HttpStatusCode.OK, predicted.StatusCode);
        Assert.Equal(2, (await JsonAsync(predicted)).GetProperty("strategy_id").GetInt32());

        var rows = Features().Concat(Features()).ToArray();
        using var inferred = await gateway.Http.PostAsJsonAsync(
            "/v2/models/trm/infer", new { inputs = new[] { new { name = "features", shape = new[] { 2, 10 }, datatype = "FP64", data = rows } } });
        Assert.Equal(HttpStatusCode.OK, inferred.StatusCode);
        Assert.Equal(2, (await JsonAsync(inferred)).GetProperty("outputs")[0].GetProperty("shape")[0].GetInt32());

        using var model = await gateway.Http.GetAsync("/api/model");
        Assert.Equal("fake-1", (await JsonAsync(model)).GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("overloaded", HttpStatusCode.ServiceUnavailable)]
    [InlineData("invalid_features", HttpStatusCode.BadRequest)]
    public async Task An_error_of_the_model_is_the_one_of_one_process(string code, HttpStatusCode status)
    {
        market.Predicting = _ => throw new TrmException(code, "the model says so");
        using var answer = await gateway.Http.PostAsJsonAsync("/api/predict", Features());
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(code, (await JsonAsync(answer)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_log_is_served_from_the_history()
    {
        market.LetOut(5);
        await cluster.LoggedAsync(market, 5);
        using var page = await gateway.Http.GetAsync($"/api/markets/{market.Id}/predictions?after=3");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("\"sequence\":4", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var summary = await gateway.Http.GetAsync($"/api/markets/{market.Id}/summary");
        Assert.Contains("\"total_predictions\":5", await summary.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await gateway.StatusAsync("/api/markets/nowhere/latest"));
    }

    [Fact]
    public async Task Pushed_bars_reach_the_markets_intake()
    {
        using var json = await gateway.Http.PostAsJsonAsync($"/api/markets/{market.Id}/bars", new[]
        {
            new { symbol = "SPY", date = "2026-11-20", open = 1.0, high = 2.0, low = 0.5, close = 1.5, volume = 100.0 },
        });
        Assert.True(json.IsSuccessStatusCode, await json.Content.ReadAsStringAsync());
        Assert.Equal(1, (await JsonAsync(json)).GetProperty("added").GetInt32());
        var pushed = Assert.Single(cluster.World.Bars, p => p.Market == market.Id).Bars[0];
        Assert.Equal(("SPY", new DateOnly(2026, 11, 20), 1.5), (pushed.Symbol, pushed.Session, pushed.Close));

        using var text = new StringContent("date,symbol\n1\n", Encoding.UTF8, "text/csv");
        using var csv = await gateway.Http.PostAsync($"/api/markets/{market.Id}/bars", text);
        Assert.Equal(7, (await JsonAsync(csv)).GetProperty("rejected")[0].GetProperty("position").GetInt32());

        using var nonsense = new StringContent("nonsense", Encoding.UTF8, "text/csv");
        using var refused = await gateway.Http.PostAsync($"/api/markets/{market.Id}/bars", nonsense);
        Assert.Equal((HttpStatusCode.BadRequest, "bad_header"), (refused.StatusCode, (await JsonAsync(refused)).GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_gateway_that_is_there_is_alive_and_ready()
    {
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/health/live"));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await gateway.StatusAsync("/v2/health/ready"));
    }

    private async Task<TestSocket> ConnectAsync()
    {
        // The gateway looks which markets there are every ten seconds; this one is older than the gateway.
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"{gateway.Address.Replace("http", "ws", StringComparison.Ordinal)}/ws/test"), CancellationToken.None);
        return new TestSocket(socket);
    }

    // The shared cluster has markets of other tests, of which a client hears as well.
    private async Task<JsonElement> NextAsync(TestSocket client)
    {
        while (true)
        {
            var data = (await client.NextAsync("trm_prediction")).GetProperty("data");
            if (data.GetProperty("market").GetString() == market.Id) return data;
        }
    }

    private double[] Features() => [market.Code, 2, 0.02, 1, 0.5, 0.3, 1, 0.4, 0.01, 1];

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
