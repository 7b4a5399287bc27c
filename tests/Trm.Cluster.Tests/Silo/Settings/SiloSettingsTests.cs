using System.Globalization;
using Microsoft.Extensions.Configuration;
using Trm.Core;
using Trm.Silo.Settings;

namespace Trm.Cluster.Tests.Silo.Settings;

public sealed class SiloSettingsTests
{
    [Fact]
    public void A_first_run_needs_no_setting()
    {
        var settings = Read();
        Assert.Equal(["us-equities"], settings.MarketIds);
        Assert.Equal((60, "./data", "127.0.0.1", 11_111, 30_000), (settings.Interval, settings.Data, settings.Silo.Address, settings.Silo.SiloPort, settings.Silo.GatewayPort));
    }

    [Fact]
    public void The_keys_of_a_silo_lie_beside_those_of_its_cluster()
    {
        var settings = Read(
            ("Cluster:ClusterId", "c"), ("Cluster:SiloPort", "1"), ("Cluster:SiloName", "silo-7"), ("Cluster:ProbeTimeout", "00:00:02"),
            ("Market", " a , b,"), ("Interval", "0.5"), ("Source", "simulated"), ("Cluster:Tls:HostName", "h"));
        Assert.Equal(("c", "h"), (settings.Cluster.ClusterId, settings.Cluster.Tls.HostName));
        Assert.Equal((1, "silo-7", TimeSpan.FromSeconds(2)), (settings.Silo.SiloPort, settings.Silo.SiloName, settings.Silo.ProbeTimeout));
        Assert.Equal(["a", "b"], settings.MarketIds);
        Assert.Equal("simulated", settings.SourceChoice.Source);
    }

    [Fact]
    public void A_star_is_every_market() => Assert.Equal(["*"], Read(("Market", " * ")).MarketIds);

    [Theory]
    [InlineData("Market", ",", "Trm:Market is empty; name a market, like us-equities, or * for all")]
    [InlineData("Source", "dreams", "Trm:Source is 'dreams'; use live, replay or simulated")]
    [InlineData("Interval", "0.05", "Trm:Interval is 0.05; it must be from 0.1 to 86400 seconds, or 0 for as fast as predictions are made")]
    [InlineData("Interval", "-1", "Trm:Interval is -1; it must be from 0.1 to 86400 seconds, or 0 for as fast as predictions are made")]
    [InlineData("Interval", "NaN", "Trm:Interval is NaN; it must be from 0.1 to 86400 seconds, or 0 for as fast as predictions are made")]
    [InlineData("Interval", "86401", "Trm:Interval is 86401; it must be from 0.1 to 86400 seconds, or 0 for as fast as predictions are made")]
    [InlineData("Interval", "0", "Trm:Interval is 0, as fast as predictions are made; that is for Trm:Source replay or simulated")]
    [InlineData("Precision", "fp8", "Trm:Precision is 'fp8'; use auto, fp32 or int16")]
    [InlineData("Device", "tpu", "Trm:Device is 'tpu'; use auto or cpu")]
    [InlineData("Threads", "0", "Trm:Threads is 0; it must be from 1 to 16")]
    [InlineData("Threads", "17", "Trm:Threads is 17; it must be from 1 to 16")]
    [InlineData("Batching:MaxBatch", "0", "Trm:Batching:MaxBatch is 0; it must be from 1 to 65536")]
    [InlineData("Cluster:Streams", "kafka", "Trm:Cluster:Streams is 'kafka'; use memory or adonet")]
    [InlineData("Cluster:Address", "localhost", "Trm:Cluster:Address is 'localhost', which is no IP address; auto takes that of this machine's name")]
    [InlineData("Cluster:SiloPort", "0", "Trm:Cluster:SiloPort is 0; it must be from 1 to 65535")]
    [InlineData("Cluster:GatewayPort", "65536", "Trm:Cluster:GatewayPort is 65536; it must be from 1 to 65535")]
    [InlineData("Cluster:PrimarySiloPort", "-1", "Trm:Cluster:PrimarySiloPort is -1; it must be from 1 to 65535")]
    [InlineData("Cluster:SiloPort", "30000", "Trm:Cluster:SiloPort and Trm:Cluster:GatewayPort are both 30000; give each its own")]
    [InlineData("Cluster:ResponseTimeout", "00:00:00.1", "Trm:Cluster:ResponseTimeout is 0.1 seconds; it must be from 0.5 to 300 seconds")]
    [InlineData("Cluster:ProbeTimeout", "00:01:01", "Trm:Cluster:ProbeTimeout is 61 seconds; it must be from 0.1 to 60 seconds")]
    [InlineData("Cluster:DrainTimeout", "00:00:00.5", "Trm:Cluster:DrainTimeout is 0.5 seconds; it must be from 1 to 600 seconds")]
    [InlineData("Cluster:MissedProbes", "0", "Trm:Cluster:MissedProbes is 0; it must be from 1 to 10")]
    [InlineData("Cluster:MissedProbes", "11", "Trm:Cluster:MissedProbes is 11; it must be from 1 to 10")]
    public void A_bad_value_is_one_line_that_names_its_key(string key, string value, string fault)
    {
        var error = Assert.ThrowsAny<TrmException>(() => Read((key, value)));
        Assert.Equal(("usage", fault), (error.Code, error.Message));
    }

    [Fact]
    public void A_replay_that_ends_before_it_begins_is_refused() => Assert.Equal(
        "Trm:From 2020-01-02 is after Trm:To 2020-01-01", Assert.ThrowsAny<TrmException>(() => Read(("From", "2020-01-02"), ("To", "2020-01-01"))).Message);

    [Fact]
    public void As_fast_as_it_goes_is_for_sources_that_are_not_live()
    {
        foreach (var source in new[] { "replay", "simulated" }) Assert.Equal(0, Read(("Interval", "0"), ("Source", source)).Interval);
    }

    private static SiloSettings Read(params (string Key, string Value)[] values) => SiloSettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(v => new KeyValuePair<string, string?>(string.Create(CultureInfo.InvariantCulture, $"Trm:{v.Key}"), v.Value))).Build());
}
