using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Scenarios.Throughput;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Tests.Scenarios;

public sealed class VerdictTests
{
    [Theory]
    [InlineData(Lineup.NodeWs, 100_000, 100_000, true)]
    [InlineData(Lineup.NodeWs, 99_999, 100_000, false)]
    [InlineData(Lineup.FastApi, 120_000, 40_000, true)]
    [InlineData(Lineup.FastApi, 119_999, 40_000, false)]
    [InlineData(Lineup.SignalR, 119_000, 100_000, false)]
    [InlineData(Lineup.RawLoop, 114_000, 152_000, true)]
    [InlineData(Lineup.RawLoop, 113_999, 152_000, false)]
    public void The_gateway_must_reach_so_many_times_a_peer(string peer, double gateway, double other, bool holds)
    {
        var check = Assert.Single(Report([Turn(Lineup.Gateway, gateway), Turn(peer, other)]).Checks);
        Assert.Equal(holds, check.Holds);
        Assert.Contains(peer, check.Promise, StringComparison.Ordinal);
    }

    [Fact]
    public void Medians_decide_and_not_one_bad_round()
    {
        var report = Report([
            Turn(Lineup.Gateway, 1_000), Turn(Lineup.Gateway, 100_000), Turn(Lineup.Gateway, 101_000),
            Turn(Lineup.NodeWs, 90_000), Turn(Lineup.NodeWs, 200_000), Turn(Lineup.NodeWs, 95_000),
        ]);
        Assert.True(Assert.Single(report.Checks).Holds);
    }

    [Fact]
    public void A_peer_that_is_not_there_is_named_and_fails_nothing()
    {
        var report = Report([Turn(Lineup.Gateway, 1_000)], new Dictionary<string, string> { [Lineup.NodeWs] = "node is not installed" });
        using var text = new StringWriter();
        report.Write(text);

        Assert.Empty(report.Checks);
        Assert.Contains("node-ws: left out: node is not installed", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_in_which_a_client_missed_something_fails()
    {
        var report = Report([Turn(Lineup.Gateway, 100_000) with { Problem = "3 sequences missing, 0 repeated" }]);
        Assert.False(Assert.Single(report.Checks).Holds);
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 2, 100 }, 3)]
    public void The_median_is_the_middle(double[] values, double median) => Assert.Equal(median, Median.Of(values));

    private static ThroughputReport Report(ThroughputTurn[] turns, Dictionary<string, string>? absent = null)
    {
        var servers = new[] { Lineup.Gateway, Lineup.RawLoop, Lineup.NodeWs, Lineup.SignalR, Lineup.FastApi }
            .Select(name => new Contestant(name, Dialect.Plain, () => ("", []))).ToList();
        var plan = new ThroughputScenario(servers, [500], 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 2);
        return new ThroughputReport(plan, turns, absent ?? []);
    }

    private static ThroughputTurn Turn(string server, double rate) => new()
    {
        Server = server, Version = "1", Clients = 500, MessagesPerSecond = rate, BytesPerMessage = 898,
        P50 = TimeSpan.Zero, P99 = TimeSpan.Zero, ServerCpu = 1, LoadCpu = 0.5, Problem = null,
    };
}
