using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Predictions;
using Trm.Gateway.Access;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

public sealed class KeyAccessTests : IDisposable
{
    private readonly KeyRing ring = new();
    private readonly FakeTimeProvider time = new(Samples.Start);

    public void Dispose() => ring.Dispose();

    [Fact]
    public async Task Without_keys_everyone_is_served()
    {
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", "trm_any_thing")).StatusCode);
        await using var client = await host.ConnectAsync();
    }

    [Theory]
    [InlineData("/api/markets")]
    [InlineData("/api/markets/m/latest")]
    [InlineData("/api/markets/m/predictions")]
    [InlineData("/api/markets/m/summary")]
    [InlineData("/api/markets/m/stream")]
    [InlineData("/api/trm/summary")]
    [InlineData("/api/health")]
    [InlineData("/api/model")]
    [InlineData("/ws/me")]
    [InlineData("/api/nothing")]
    public async Task With_a_key_made_each_call_needs_one(string path)
    {
        ring.Add();
        await using var host = await StartAsync();
        var response = await host.GetAsync(path, null);
        await Problem.IsAsync(response, 401, "key_required");
        Assert.Equal("Bearer realm=\"trm\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task The_inference_protocol_needs_one_too_and_says_so_in_its_own_form()
    {
        ring.Add();
        await using var host = await StartAsync();
        var response = await host.GetAsync("/v2/models/trm", null);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("{\"error\":\"this needs a key", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    public async Task The_page_the_description_and_the_probes_stay_open(string path)
    {
        ring.Add();
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync(path, null)).StatusCode);
    }

    [Fact]
    public async Task A_probe_tells_what_is_not_well_only_to_those_who_may_read()
    {
        var key = ring.Add();
        var pusher = ring.Add("push");
        await using var host = await StartAsync(services: s => s.AddSingleton<IReadinessCheck>(new Unwell()));
        Assert.Contains("secret-market: storage", (await Problem.IsAsync(await host.GetAsync("/health/ready", key), 503, "not_ready")).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", (await Problem.IsAsync(await host.GetAsync("/health/ready", null), 503, "not_ready")).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", await (await host.GetAsync("/v2/health/ready", pusher)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_whatever_is_wrong_with_it()
    {
        var key = ring.Add();
        await using var host = await StartAsync();
        foreach (var wrong in new[] { key[..^1], key + "A", $"trm_{new string('a', 12)}_{key[17..]}", "trm_", "trm__", "nonsense", new string('x', 4_000) })
        {
            var response = await host.GetAsync("/api/markets", wrong);
            var problem = await Problem.IsAsync(response, 401, "key_invalid");
            Assert.Equal("the key is not known here", problem.GetProperty("detail").GetString());
            Assert.Equal("Bearer realm=\"trm\", error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        }
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", key)).StatusCode);
    }

    [Theory]
    [InlineData("Basic dHJtOnRybQ==")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    public async Task Another_way_to_authenticate_is_no_key(string authorization)
    {
        ring.Add();
        await using var host = await StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/markets");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        await Problem.IsAsync(await host.Http.SendAsync(request), 401, "key_required");
    }

    [Fact]
    public async Task A_key_that_expires_is_not_taken_from_then_on()
    {
        var key = ring.Add(expires: Samples.Start.AddMinutes(1));
        await using var host = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", key)).StatusCode);
        time.Advance(TimeSpan.FromMinutes(1));
        await Problem.IsAsync(await host.GetAsync("/api/markets", key), 401, "key_expired");
    }

    [Fact]
    public async Task Keys_of_the_configuration_work_beside_those_of_the_file()
    {
        var (configured, text) = ApiKey.Create("container", ["read"], null, Samples.Start, null);
        await using var host = await StartAsync(("Keys:0:Id", configured.Id), ("Keys:0:Hash", configured.Hash.ToUpperInvariant()), ("Keys:0:Scopes", "read"));
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", text)).StatusCode);
        await Problem.IsAsync(await host.GetAsync("/api/markets", null), 401, "key_required");
        var added = ring.Add();
        await UntilAsync(async () => (await host.GetAsync("/api/markets", added)).IsSuccessStatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", text)).StatusCode);
    }

    [Theory]
    [InlineData("read", 200, 403, 403)]
    [InlineData("push", 403, 200, 403)]
    [InlineData("operate", 403, 403, 501)]
    [InlineData("read push operate", 200, 200, 501)]
    public async Task A_scope_allows_what_it_says_and_nothing_else(string scopes, int read, int push, int operate)
    {
        var key = ring.Add(scopes);
        await using var host = await StartAsync(services: s => s.AddSingleton<Bars.IBarReceiver>(new NoBars()));
        Assert.Equal(read, (int)(await host.GetAsync("/api/markets", key)).StatusCode);
        Assert.Equal(operate, (int)(await host.SendAsync(HttpMethod.Post, "/api/model/reload", key)).StatusCode);
        var pushed = await host.SendAsync(HttpMethod.Post, "/api/markets/m/bars", key, new StringContent("[]", Encoding.UTF8, "application/json"));
        Assert.Equal(push, (int)pushed.StatusCode);
        if (push != 403) return;
        await Problem.IsAsync(pushed, 403, "insufficient_scope");
        Assert.Equal("Bearer realm=\"trm\", error=\"insufficient_scope\", scope=\"push\"", pushed.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Browsers_show_a_key_in_the_address_of_a_stream_and_nowhere_else()
    {
        var key = ring.Add();
        await using var host = await StartAsync();
        host.Feed.Publish();
        await using var socket = await host.ConnectAsync($"me?access_token={key}");
        Assert.Equal(1, await socket.NextSequenceAsync());
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync($"/api/markets/m/stream?delivery=all&access_token={key}", HttpCompletionOption.ResponseHeadersRead)).StatusCode);
        await Problem.IsAsync(await host.Http.GetAsync($"/api/markets?access_token={key}"), 401, "key_required");
    }

    [Fact]
    public async Task A_key_is_in_no_log_line_however_much_is_logged()
    {
        var key = ring.Add();
        using var logs = new LogRecorder();
        await using var host = await GatewayHost.StartAsync(time: time, settings: ring.Settings(), logs: logs);
        await using var socket = await host.ConnectAsync($"me?access_token={key}");
        await host.GetAsync("/api/markets", key);
        await host.Http.GetAsync($"/api/markets?access_token={key}");
        await host.Http.GetAsync($"/api/nothing?Access_Token={key}x&limit=5");
        await host.GetAsync("/api/markets", key + "x");
        Assert.Contains(logs.Lines, l => l.Contains("/api/nothing", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, l => l.Contains("/ws/me", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, l => l.Contains(key.Split('_', 3)[2], StringComparison.Ordinal));
    }

    [Fact]
    public async Task OpenAPI_says_how_to_show_a_key_and_which_scope_a_route_asks_for()
    {
        await using var host = await StartAsync();
        var document = System.Text.Json.JsonDocument.Parse(await host.Http.GetStringAsync("/openapi/v1.json")).RootElement;
        Assert.Equal("bearer", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("key").GetProperty("scheme").GetString());
        var paths = document.GetProperty("paths");
        Assert.Equal("""[{"key":["push"]}]""", paths.GetProperty("/api/markets/{market}/bars").GetProperty("post").GetProperty("security").GetRawText().Replace(" ", "").ReplaceLineEndings(""));
        Assert.Equal("""[{"key":["operate"]}]""", paths.GetProperty("/api/model/reload").GetProperty("post").GetProperty("security").GetRawText().Replace(" ", "").ReplaceLineEndings(""));
        var get = paths.GetProperty("/api/markets/{market}/latest").GetProperty("get");
        Assert.Equal("""[{"key":["read"]}]""", get.GetProperty("security").GetRawText().Replace(" ", "").ReplaceLineEndings(""));
        Assert.DoesNotContain("feed", get.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()!));
        Assert.False(paths.GetProperty("/health/live").GetProperty("get").TryGetProperty("security", out _));
    }

    private Task<GatewayHost> StartAsync(params (string, string?)[] settings) => GatewayHost.StartAsync(time: time, settings: ring.Settings(settings));

    private Task<GatewayHost> StartAsync(Action<IServiceCollection> services) => GatewayHost.StartAsync(time: time, services: services, settings: ring.Settings());

    /// <summary>Lets the server look at its keys until something holds.</summary>
    private async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; !await holds(); i++)
        {
            Assert.True(i < 1_000, "it never held");
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class Unwell : IReadinessCheck
    {
        public string Name => "markets";

        public ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellation) => new(new ReadinessResult(false, "secret-market: storage"));
    }

    private sealed class NoBars : Bars.IBarReceiver
    {
        public Task<Bars.BarPushResult> PushCsvAsync(string market, TextReader csv, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<Bars.BarPushResult> PushAsync(string market, IReadOnlyList<Core.Bars.Bar> bars, CancellationToken cancellation) =>
            Task.FromResult(new Bars.BarPushResult(0, 0, 0, 0, []));
    }
}
