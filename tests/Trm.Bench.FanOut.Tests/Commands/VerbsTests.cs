using System.CommandLine;
using Trm.Bench.FanOut.Commands;
using Trm.Bench.FanOut.Scenarios;
using Trm.Bench.FanOut.Scenarios.Idle;
using Trm.Bench.FanOut.Scenarios.Soak;
using Trm.Bench.FanOut.Scenarios.Stalled;
using Trm.Bench.FanOut.Scenarios.Throughput;

namespace Trm.Bench.FanOut.Tests.Commands;

public sealed class VerbsTests
{
    private IReadOnlyList<IScenario> asked = [];

    [Fact]
    public void A_verb_with_nothing_said_has_the_sizes_that_the_documents_speak_of()
    {
        Assert.Equal(0, Invoke("throughput"));
        var throughput = Assert.IsType<ThroughputScenario>(Assert.Single(asked));
        Assert.Equal([500, 5_000], throughput.Clients);
        Assert.Equal(["trm", "raw-c", "node-ws", "signalr", "fastapi"], throughput.Servers.Select(s => s.Name));

        Assert.Equal(0, Invoke("idle"));
        Assert.Equal(new IdleScenario(15_000, 20), Assert.Single(asked));

        Assert.Equal(0, Invoke("stalled"));
        Assert.Equal([0, 1, 500], Assert.IsType<StalledScenario>(Assert.Single(asked)).Stalled);
    }

    [Fact]
    public void All_is_every_verb()
    {
        Assert.Equal(0, Invoke("all"));
        Assert.Equal(["Throughput", "Idle", "Stalled", "Reconnect", "Soak"], asked.Select(s => s.GetType().Name.Replace("Scenario", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Options_are_taken()
    {
        Assert.Equal(0, Invoke("soak", "--minutes", "30", "--seed", "7"));
        var soak = Assert.IsType<SoakScenario>(Assert.Single(asked));
        Assert.Equal((TimeSpan.FromMinutes(30), 7), (soak.Duration, soak.Seed));
    }

    [Theory]
    [InlineData("throughput", "--servers", "nginx")]
    [InlineData("throughput", "--clients", "500,x")]
    [InlineData("throughput", "--duration", "0")]
    [InlineData("stalled", "--stalled", "1,500")]
    [InlineData("idle", "--clients", "0")]
    public void What_cannot_be_is_a_misuse(string verb, string option, string value)
    {
        Assert.Equal(2, Invoke(verb, option, value));
        Assert.Empty(asked);
    }

    private int Invoke(params string[] line)
    {
        var root = new RootCommand();
        foreach (var command in Verbs.Create((scenarios, _, _) => { asked = scenarios; return 0; })) root.Subcommands.Add(command);
        return root.Parse(line).Invoke();
    }
}
