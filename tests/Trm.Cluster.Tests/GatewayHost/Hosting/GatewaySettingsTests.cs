using Microsoft.Extensions.Configuration;
using Trm.Gateway.Host.Hosting;

namespace Trm.Cluster.Tests.GatewayHost.Hosting;

public sealed class GatewaySettingsTests
{
    [Fact]
    public void A_first_run_needs_no_setting()
    {
        var settings = Read();
        Assert.Equal(("http://localhost:8000", false, "trm"), (settings.Urls, settings.AllowAnonymous, settings.Cluster.ClusterId));
    }

    [Theory]
    [InlineData("Urls", "", "--urls is empty")]
    [InlineData("Urls", "nonsense", "--urls nonsense is not an address to listen on")]
    [InlineData("Urls", "https://localhost:1", "--urls https://localhost:1 needs a certificate")]
    [InlineData("Urls", "http://0.0.0.0:8000", "--urls http://0.0.0.0:8000 can be reached from other machines")]
    [InlineData("Cluster:ClusterId", "", "Trm:Cluster:ClusterId is empty; name the cluster")]
    [InlineData("Cluster:GatewayRefresh", "00:10:00", "Trm:Cluster:GatewayRefresh is 600 seconds; it must be from 0.5 to 300 seconds")]
    public void A_bad_value_is_one_line_that_names_its_key(string key, string value, string fault)
    {
        var error = Assert.ThrowsAny<Core.TrmException>(() => Read((key, value)));
        Assert.Equal("usage", error.Code);
        Assert.StartsWith(fault, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Other_machines_are_served_when_every_call_needs_a_key()
    {
        var settings = Read(("Urls", "http://0.0.0.0:8000"), ("Access:Keys:0:Id", "desk"), ("Access:Keys:0:Hash", new string('0', 64)), ("Access:Keys:0:Scopes", "read"));
        Assert.True(settings.IsOpenToAll);
        Assert.False(settings.AllowAnonymous);
    }

    [Fact]
    public void Other_machines_are_served_when_it_is_said_so() =>
        Assert.Equal("http://0.0.0.0:8000", Read(("Urls", "http://0.0.0.0:8000"), ("AllowAnonymous", "true")).Urls);

    private static GatewaySettings Read(params (string Key, string Value)[] values) => GatewaySettings.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(values.Select(v => new KeyValuePair<string, string?>($"Trm:{v.Key}", v.Value))).Build());
}
