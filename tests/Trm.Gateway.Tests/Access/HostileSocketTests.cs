using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

/// <summary>Clients of the WebSocket that break the rules, over TCP. Each costs itself: the server and its other clients go on.</summary>
public sealed class HostileSocketTests
{
    private const int Continuation = 0;
    private const int Text = 1;
    private const int Ping = 9;

    [Theory]
    [InlineData("{")]
    [InlineData("{\"type\":")]
    [InlineData("nonsense")]
    [InlineData("\"ping\"")]
    [InlineData("null")]
    [InlineData("{\"type\":\"ping\"}{\"type\":\"ping\"}")]
    [InlineData("{\"type\":\"subscribe\",\"markets\":\"m\"}")]
    [InlineData("{\"type\":\"subscribe\",\"since\":{\"m\":{\"epoch\":1,\"sequence\":-1}}}")]
    [InlineData("{\"type\":\"subscribe\",\"delivery\":\"\\ud800\"}")]
    public async Task Malformed_json_is_an_error_and_the_connection_stays(string message)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(message);
        Assert.Equal("bad_json", (await client.NextAsync()).GetProperty("code").GetString());
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.TextAsync());
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    [InlineData("[", "")]
    public async Task Deep_nesting_is_an_error_and_the_connection_stays(string open, string close)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        var depth = 4_000 / (open.Length + close.Length);
        await client.SendAsync($"{string.Concat(Enumerable.Repeat(open, depth))}1{string.Concat(Enumerable.Repeat(close, depth))}");
        Assert.Equal("bad_json", (await client.NextAsync()).GetProperty("code").GetString());
        await client.SendAsync("ping");
        Assert.Equal("pong", await client.TextAsync());
    }

    [Fact]
    public async Task A_message_of_10_MB_closes_with_1009_and_is_never_held()
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await RawClient.UpgradeAsync(host.Address);
        var sending = client.TrySendAsync(RawClient.Frame(Text, new byte[10 * 1024 * 1024]));
        var (code, messages) = await client.CloseAsync();
        Assert.Equal(1009, code);
        Assert.Contains("too_large", Assert.Single(messages), StringComparison.Ordinal);
        await sending;
        client.Dispose();
        await IsWellAsync(host);
    }

    [Theory]
    [InlineData(0)] // No data at all, so no limit on data meets it.
    [InlineData(1)]
    [InlineData(100)]
    public async Task A_message_in_fragments_that_never_end_closes_with_1009(int size)
    {
        await using var host = await GatewayHost.StartAsync();
        using var client = await RawClient.UpgradeAsync(host.Address);
        var reading = client.CloseAsync();
        await client.TrySendAsync(RawClient.Frame(Text, new byte[size], isLast: false));
        var part = RawClient.Frame(Continuation, new byte[size], isLast: false);
        byte[] parts = [.. Enumerable.Repeat(part, 100).SelectMany(p => p)];
        while (!reading.IsCompleted) await client.TrySendAsync(parts);
        Assert.Equal(1009, (await reading).Code);
        client.Dispose();
        await IsWellAsync(host);
    }

    public static TheoryData<string, byte[], int> BrokenFrames => new()
    {
        { "invalid UTF-8", RawClient.Frame(Text, [0xC3, 0x28]), 1007 },
        { "UTF-8 cut off at the end", RawClient.Frame(Text, [0xE2, 0x82]), 1007 },
        { "overlong UTF-8", RawClient.Frame(Text, [0xC0, 0xAF]), 1007 },
        { "a surrogate", RawClient.Frame(Text, [0xED, 0xA0, 0x80]), 1007 },
        { "an opcode that is none", RawClient.Frame(3, []), 1002 },
        { "a control opcode that is none", RawClient.Frame(11, []), 1002 },
        { "a reserved bit", [0xC1, 0x80, 0, 0, 0, 0], 1002 },
        { "no mask", RawClient.Frame(Text, "ping"u8.ToArray(), isMasked: false), 1002 },
        { "a continuation of nothing", RawClient.Frame(Continuation, "ping"u8.ToArray()), 1002 },
        { "a new message within one", [.. RawClient.Frame(Text, "pi"u8.ToArray(), isLast: false), .. RawClient.Frame(Text, "ng"u8.ToArray())], 1002 },
        { "a ping in fragments", RawClient.Frame(Ping, [], isLast: false), 1002 },
        { "a ping of 126 bytes", RawClient.Frame(Ping, new byte[126]), 1002 },
        { "a length over 63 bits", [0x81, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1002 },
    };

    [Theory, MemberData(nameof(BrokenFrames))]
    public async Task A_frame_that_breaks_the_protocol_closes_with_its_code(string what, byte[] frame, int code)
    {
        using var logs = new LogRecorder();
        await using var host = await GatewayHost.StartAsync(logs: logs);
        using var client = await RawClient.UpgradeAsync(host.Address);
        await client.SendAsync(frame);
        Assert.Equal((what, code), (what, (await client.CloseAsync()).Code));
        await IsWellAsync(host);
        Assert.DoesNotContain(logs.Lines, l => l.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_client_that_asks_for_the_whole_log_again_and_again_is_rate_limited_and_others_do_not_notice()
    {
        const int Count = 600;
        var time = new FakeTimeProvider(Samples.Start);
        await using var host = await GatewayHost.StartAsync(time: time, options: o => o.MessageBurst = 20);
        host.Feed.Publish(count: Count, announce: false);
        await using var flood = await host.ConnectAsync("flood");
        await using var other = await host.ConnectAsync("other");
        Assert.Equal(Count, await other.NextSequenceAsync());
        var again = $$$$"""{"type":"subscribe","delivery":"all","since":{"m":{"epoch":"{{{{Samples.Epoch}}}}","sequence":0}}}""";
        for (var i = 0; i < 60; i++) await flood.SendAsync(again);

        Assert.Equal("rate_limited", (await flood.NextAsync("error")).GetProperty("code").GetString());
        host.Feed.Publish();
        Assert.Equal(Count + 1, await other.NextSequenceAsync());
        // One place in the log a market, wherever it was set last: no more pages are read than the accepted requests could each ask for.
        Assert.InRange(host.Feed.Reads, 1, 20 * 4);
        long last;
        do last = await flood.NextSequenceAsync();
        while (last != Count + 1);
    }

    private static async Task IsWellAsync(GatewayHost host)
    {
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
        await using var client = await host.ConnectAsync();
        host.Feed.Publish();
        Assert.Equal(JsonValueKind.Object, (await client.NextAsync("trm_prediction")).ValueKind);
    }
}
