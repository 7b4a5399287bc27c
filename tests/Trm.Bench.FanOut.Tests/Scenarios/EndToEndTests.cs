using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Reports;
using Trm.Bench.FanOut.Scenarios;
using Trm.Bench.FanOut.Scenarios.Reconnect;
using Trm.Bench.FanOut.Scenarios.Soak;
using Trm.Bench.FanOut.Scenarios.Throughput;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Tests.Scenarios;

/// <summary>The real gateway in its host, with a few clients for a moment: figures are not judged, promises are.</summary>
public sealed class EndToEndTests
{
    [Fact]
    public void Every_client_gets_every_message_in_the_closed_loop()
    {
        var moment = TimeSpan.FromSeconds(0.3);
        var report = (ThroughputReport)Run(new ThroughputScenario([Lineup.TheGateway(Dialect.TrmAll)], [20], 1, moment, moment, 2));

        Assert.All(report.Checks, check => Assert.True(check.Holds, check.Measured));
        using var text = new StringWriter();
        report.Write(text);
        Assert.Contains("trm gateway", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_that_come_back_get_exactly_what_they_missed()
    {
        var report = Run(new ReconnectScenario(20, 50, 20));
        Assert.All(report.Checks, check => Assert.True(check.Holds, check.Measured));
    }

    [Fact]
    public void A_rabble_changes_nothing_for_the_others()
    {
        var report = Run(new SoakScenario(Clients: 10, Rabble: 20, Actions: 200, Rate: 20, TimeSpan.FromSeconds(1), Seed: 1));
        Assert.All(report.Checks, check => Assert.True(check.Holds, check.Measured));
    }

    private static IReport Run(IScenario scenario)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the load generator is made of Linux's own calls");
        return scenario.Run(new BenchContext(TimeProvider.System, TextWriter.Null, TestContext.Current.CancellationToken));
    }
}
