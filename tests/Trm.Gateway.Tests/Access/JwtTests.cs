using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Trm.Gateway.Access;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

/// <summary>Tokens of an identity provider, whose public keys are in a file.</summary>
public sealed class JwtTests : IDisposable
{
    private const string Issuer = "https://id.example";
    private const string Audience = "trm";

    // One for all tests: a pair takes a moment to find.
    private static readonly RSA Pair = RSA.Create(2048);

    private readonly KeyRing ring = new();
    private readonly string jwks;

    public JwtTests()
    {
        jwks = Path.Combine(Path.GetDirectoryName(ring.File.Path)!, "jwks.json");
        var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(Pair.ExportParameters(false)) { KeyId = "1" });
        File.WriteAllText(jwks, JsonSerializer.Serialize(new { keys = new[] { new { kty = key.Kty, kid = key.KeyId, use = "sig", n = key.N, e = key.E } } }));
    }

    public void Dispose() => ring.Dispose();

    [Fact]
    public async Task A_token_may_do_what_its_scopes_say()
    {
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", Token("openid trm.read"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", Token(new[] { "trm.push", "trm.read" }))).StatusCode);
        await Problem.IsAsync(await host.GetAsync("/api/markets", Token("trm.push read")), 403, "insufficient_scope");
        await Problem.IsAsync(await host.GetAsync("/api/markets", Token(null)), 403, "insufficient_scope");
        await Problem.IsAsync(await host.SendAsync(HttpMethod.Post, "/api/model/reload", Token("trm.operate")), 501, "no_reload");
        await Problem.IsAsync(await host.GetAsync("/api/markets", null), 401, "key_required");
        await using var socket = await host.ConnectAsync($"me?access_token={Token("trm.read")}");
    }

    public static TheoryData<string> Wrong => ["issuer", "audience", "expired", "early", "key", "none", "hmac", "cut", "no expiry"];

    [Theory, MemberData(nameof(Wrong))]
    public async Task A_token_that_the_provider_did_not_make_for_this_service_is_refused(string wrong)
    {
        await using var host = await StartAsync();
        using var other = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var token = wrong switch
        {
            "issuer" => Token("trm.read", d => d.Issuer = "https://evil.example"),
            "audience" => Token("trm.read", d => d.Audience = "another"),
            "expired" => Token("trm.read", d => { d.NotBefore = now.AddHours(-2); d.Expires = now.AddHours(-1); }),
            "early" => Token("trm.read", d => d.NotBefore = now.AddHours(0.5)),
            "key" => Token("trm.read", d => d.SigningCredentials = new SigningCredentials(new RsaSecurityKey(other) { KeyId = "1" }, SecurityAlgorithms.RsaSha256)),
            "none" => Token("trm.read", d => d.SigningCredentials = null),
            // The old trick: the public key, which everyone has, as the secret of a symmetric signature.
            "hmac" => Token("trm.read", d => d.SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Pair.ExportSubjectPublicKeyInfoPem())) { KeyId = "1" }, SecurityAlgorithms.HmacSha256)),
            "cut" => Token("trm.read")[..^20],
            _ => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(Descriptor("trm.read", d => d.Expires = null)),
        };
        var response = await host.GetAsync("/api/markets", token);
        var problem = await Problem.IsAsync(response, 401, "token_invalid");
        Assert.DoesNotContain("IDX", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_sees_the_markets_of_its_claim_and_without_it_none()
    {
        await using var host = await StartAsync(("MarketsClaim", "trm_markets"));
        Assert.Equal("b", await MarketsAsync(host, Token("trm.read", d => d.Claims["trm_markets"] = "b elsewhere")));
        Assert.Equal("a b", await MarketsAsync(host, Token("trm.read", d => d.Claims["trm_markets"] = new[] { "b", "a" })));
        Assert.Equal("a b", await MarketsAsync(host, Token("trm.read", d => d.Claims["trm_markets"] = "*")));
        Assert.Equal("", await MarketsAsync(host, Token("trm.read")));
    }

    [Fact]
    public async Task Keys_work_beside_tokens()
    {
        var key = ring.Add();
        await using var host = await GatewayHost.StartAsync(settings: ring.Settings(Settings()));
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", key)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", Token("trm.read"))).StatusCode);
        await Problem.IsAsync(await host.GetAsync("/api/markets", key + "x"), 401, "key_invalid");
    }

    [Fact]
    public async Task A_stream_ends_when_the_token_that_opened_it_expires()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var host = await GatewayHost.StartAsync(time: time, settings: KeyRing.Access(Settings()));
        // Soon: a client that is silent for long is cut off before.
        await using var socket = await host.ConnectAsync(key: Token("trm.read", d => d.Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10)));
        await GatewayHost.UntilAsync(() => host.Connections.Count == 1);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(4001, await socket.CloseCodeAsync());
    }

    [Theory]
    [InlineData("absent.json")]
    [InlineData("empty.json")]
    public async Task A_file_without_public_keys_stops_the_start(string name)
    {
        var file = Path.Combine(Path.GetDirectoryName(jwks)!, name);
        if (name == "empty.json") await File.WriteAllTextAsync(file, "{\"keys\":[]}");
        var error = await Assert.ThrowsAsync<AccessException>(() => GatewayHost.StartAsync(settings: KeyRing.Access(Settings(("Jwks", file)))));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private (string Key, string? Value)[] Settings(params (string Key, string? Value)[] others) =>
        [("Jwt:Issuer", Issuer), ("Jwt:Audience", Audience), .. others.Any(o => o.Key == "Jwks") ? [] : new[] { ("Jwt:Jwks", (string?)jwks) }, .. others.Select(o => ($"Jwt:{o.Key}", o.Value))];

    private Task<GatewayHost> StartAsync(params (string Key, string? Value)[] others) =>
        GatewayHost.StartAsync(new FakeFeed("a", "b"), settings: KeyRing.Access(Settings(others)));

    private static async Task<string> MarketsAsync(GatewayHost host, string token)
    {
        var response = await host.GetAsync("/api/markets", token);
        return string.Join(' ', JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.EnumerateArray().Select(m => m.GetProperty("id").GetString()));
    }

    private string Token(object? scope, Action<SecurityTokenDescriptor>? change = null) => new JsonWebTokenHandler().CreateToken(Descriptor(scope, change));

    private SecurityTokenDescriptor Descriptor(object? scope, Action<SecurityTokenDescriptor>? change)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            NotBefore = now.AddMinutes(-5),
            Expires = now.AddMinutes(50),
            Claims = new Dictionary<string, object> { ["sub"] = "desk" },
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(Pair) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
        };
        if (scope is not null) descriptor.Claims["scope"] = scope;
        change?.Invoke(descriptor);
        return descriptor;
    }
}
