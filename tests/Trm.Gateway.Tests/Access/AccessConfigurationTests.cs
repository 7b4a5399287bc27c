using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Trm.Gateway.Access;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

public sealed class AccessConfigurationTests
{
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void Nothing_said_is_open_with_limits()
    {
        var options = Read();
        Assert.False(options.IsControlled);
        Assert.Equal((20_000, 1_000, 10_000), (options.Limits.Connections, options.Limits.ConnectionsPerAddress, options.Limits.ConnectionsPerKey));
    }

    [Theory]
    [InlineData("Keys:0:Markets", "a b")]
    [InlineData("Keys:0:Markets", "a,b")]
    [InlineData("Keys:0:Markets:0", "a, b")]
    public void A_list_may_be_one_text_as_in_the_environment(string key, string value)
    {
        var options = Read(("Keys:0:Id", "desk"), ("Keys:0:Hash", Hash), ("Keys:0:Scopes", "read;push"), (key, value), ("Keys:0:Expires", "2027-01-31"));
        var desk = Assert.Single(options.Keys);
        Assert.True(options.IsControlled);
        Assert.Equal(["read", "push"], desk.Scopes);
        Assert.Equal(["a", "b"], desk.Markets);
        Assert.Equal(new DateTimeOffset(2027, 1, 31, 0, 0, 0, TimeSpan.Zero), desk.Expires);
    }

    [Fact]
    public void Origins_and_proxies_are_understood()
    {
        var options = Read(("Origins:0", "https://Desk.example/"), ("Origins:1", "http://localhost:5173"), ("Proxies", "10.0.0.5 10.1.0.0/16 ::1"));
        Assert.Equal(["https://desk.example", "http://localhost:5173"], options.Origins);
        Assert.Equal(["10.0.0.5/32", "10.1.0.0/16", "::1/128"], options.Proxies.Select(p => p.ToString()));
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "Key:0:Id", "a", "Trm:Access:Key is not known" },
        { "Keys:0:Market", "m", "Trm:Access:Keys:0:Market is not known" },
        { "Keys:0:Hash", "00", "Trm:Access:Keys:0" },
        { "Keys:0:Markets", " ", "markets is empty" },
        { "Keys:0:Expires", "soon", "Trm:Access:Keys:0:Expires is 'soon'" },
        { "Origins", "desk.example", "Trm:Access:Origins: 'desk.example' is no origin" },
        { "Origins", "https://desk.example/page", "is no origin" },
        { "Proxies", "nginx", "Trm:Access:Proxies: 'nginx' is no address or network" },
        { "Limits:Connections", "0", "Trm:Access:Limits:Connections is 0; it must be from 1 to 1000000" },
        { "Limits:Connection", "5", "Trm:Access:Limits:Connection is not known" },
        { "Limits:HeadersTimeout", "00:00:00.5", "Trm:Access:Limits:HeadersTimeout is 0.5 seconds" },
        { "Jwt:Audience", "", "Trm:Access:Jwt:Audience is needed" },
        { "Jwt:Jwks", "keys", "needs either Authority" },
        { "Jwt:Authority", "http://id.example", "it must be https" },
        { "Jwt:Secret", "x", "Trm:Access:Jwt:Secret is not known" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void What_is_not_understood_is_refused_by_its_key(string key, string value, string fault)
    {
        var settings = new List<(string, string?)> { (key, value) };
        if (key.StartsWith("Keys:0", StringComparison.Ordinal)) settings.InsertRange(0, [("Keys:0:Id", "desk"), ("Keys:0:Hash", Hash), ("Keys:0:Scopes", "read")]);
        if (key.StartsWith("Jwt", StringComparison.Ordinal)) settings.InsertRange(0, [("Jwt:Authority", "https://id.example"), ("Jwt:Audience", "trm")]);
        var error = Assert.Throws<OptionsValidationException>(() => Read([.. settings]));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_does_not_start_on_what_it_does_not_understand()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayHost.StartAsync(settings: KeyRing.Access(("Orgins", "*"))));
        Assert.Contains("Trm:Access:Orgins is not known", error.Message, StringComparison.Ordinal);
        using var ring = new KeyRing();
        ring.Spoil();
        Assert.Equal("bad_keys_file", (await Assert.ThrowsAsync<AccessException>(() => GatewayHost.StartAsync(settings: ring.Settings()))).Code);
    }

    // The later of two wins, as in a configuration.
    private static AccessOptions Read(params (string Key, string? Value)[] settings) => AccessOptions.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.GroupBy(s => $"Trm:Access:{s.Key}").Select(g => new KeyValuePair<string, string?>(g.Key, g.Last().Value))).Build());
}
