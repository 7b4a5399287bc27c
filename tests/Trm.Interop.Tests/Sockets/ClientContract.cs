using System.Text;
using System.Text.Json;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;
using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.Sockets;

/// <summary>What every WebSocket client is promised, each held by a client that people use.</summary>
public abstract class ClientContract
{
    private protected abstract Task<InteropClient> StartAsync(Uri server);

    [Fact]
    public async Task The_latest_prediction_comes_without_asking_and_then_live_ones()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 3);
        await using var client = await ConnectAsync(host);
        Assert.Equal(Text(3), (await client.NextAsync("text")).Text);
        host.Feed.Publish();
        Assert.Equal(Text(4), (await client.NextAsync("text")).Text);
    }

    [Fact]
    public async Task Both_kinds_of_ping_are_answered()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await client.SendAsync("ping");
        Assert.Equal("pong", (await client.NextAsync("text")).Text);
        await AssertAnswersAsync(client);
    }

    [Fact]
    public async Task A_client_that_resumes_with_all_gets_each_sequence_once_and_in_order()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 600);
        await using var client = await ConnectAsync(host);
        await client.SendAsync($$$"""{"type":"subscribe","markets":["m"],"since":{"m":{"epoch":"{{{Samples.Epoch}}}","sequence":12}},"delivery":"all"}""");
        host.Feed.Publish(count: 50);
        await client.MessageAsync("subscribed");
        for (var sequence = 13; sequence <= 650; sequence++) Assert.Equal(Text(sequence), (await client.NextAsync("text")).Text);
    }

    [Fact]
    public async Task A_place_of_another_log_is_a_resync()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 5);
        await using var client = await ConnectAsync(host);
        await client.SendAsync("""{"type":"subscribe","since":{"m":{"epoch":"7c9e6679-7425-40de-944b-e07fc1f90ae7","sequence":2}}}""");
        Assert.Equal("epoch_changed", (await client.MessageAsync("resync")).GetProperty("reason").GetString());
        Assert.Equal(Text(5), (await client.NextAsync("text")).Text);
    }

    [Fact]
    public async Task An_empty_message_is_an_error_and_the_connection_stays()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await client.SendAsync("");
        Assert.Equal("bad_json", (await client.MessageAsync("error")).GetProperty("code").GetString());
        await AssertAnswersAsync(client);
    }

    [Fact]
    public async Task A_binary_message_is_an_error_and_the_connection_stays()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await client.DoAsync(new Instruction("binary") { Text = """{"type":"ping"}""" });
        Assert.Equal("bad_json", (await client.MessageAsync("error")).GetProperty("code").GetString());
        await AssertAnswersAsync(client);
    }

    [Theory]
    [InlineData(4_096, false)]
    [InlineData(4_097, false)]
    [InlineData(4_096, true)]
    [InlineData(4_097, true)]
    public async Task A_message_over_4096_bytes_is_refused_and_closes_with_1009(int size, bool offersDeflate)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host, offersDeflate ? Deflate.Default : null);
        await client.SendAsync("""{"type":"ping"}""".PadRight(size));
        if (size <= 4_096)
        {
            await client.MessageAsync("pong");
            return;
        }
        Assert.Equal("too_large", (await client.MessageAsync("error")).GetProperty("code").GetString());
        Assert.Equal(1009, (await client.EndAsync()).Code);
    }

    [Fact]
    public async Task A_close_is_answered()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await client.CloseAsync(1000, "enough");
        Assert.Equal(1000, (await client.EndAsync()).Code);
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
    }

    [Fact]
    public async Task A_close_of_an_application_is_answered_with_its_code()
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var code in new[] { 3000, 4999 })
        {
            await using var client = await ConnectAsync(host);
            await client.CloseAsync(code, "enough");
            Assert.Equal(code, (await client.EndAsync()).Code);
        }
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
    }

    [Fact]
    public async Task A_drain_is_announced_and_closes_with_1012()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await AssertAnswersAsync(client);
        var stopping = host.StopAsync();
        await client.MessageAsync("server_shutdown");
        var end = await client.EndAsync();
        Assert.Equal(1012, end.Code);
        Assert.NotEqual("", end.Reason);
        await stopping;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_is_right_whether_compression_is_offered_or_not(bool offersDeflate)
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 100);
        await using var client = await StartAsync(host.Address);
        await client.DoAsync(Connect(host, offersDeflate ? Deflate.Default : null));
        var agreed = (await client.NextAsync("open")).Text!;
        AssertAgreement(offersDeflate, agreed.Contains("permessage-deflate", StringComparison.Ordinal));

        await client.SendAsync($$$"""{"type":"subscribe","since":{"m":{"epoch":"{{{Samples.Epoch}}}","sequence":0}},"delivery":"all"}""");
        await client.MessageAsync("subscribed");
        for (var sequence = 1; sequence <= 100; sequence++) Assert.Equal(Text(sequence), (await client.NextAsync("text")).Text);
        // Messages long and short, from both sides, in turn: a shared compressor's state would show.
        foreach (var size in new[] { 1, 100, 4_000, 2, 3_000 })
        {
            await client.SendAsync($$"""{"type":"ping","id":"{{size}}"}""".PadRight(size));
            Assert.Equal($"{size}", (await client.MessageAsync("pong")).GetProperty("id").GetString());
            host.Feed.Publish(change: p => p with { ModelVersion = new string('x', size * 20) });
            Assert.Equal(size * 20, (await client.MessageAsync("trm_prediction")).GetProperty("data").GetProperty("model_version").GetString()!.Length);
        }
    }

    [Fact]
    public async Task Ids_and_texts_of_any_script_pass_unharmed()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("märkte-日本"));
        await using var client = await ConnectAsync(host);
        const string Id = "Ünïcødé 日本語 🚀 \u0000 \u2028";
        await client.SendAsync($$"""{"type":"subscribe","markets":["märkte-日本"],"id":{{JsonSerializer.Serialize(Id)}}}""");
        var subscribed = await client.MessageAsync("subscribed");
        Assert.Equal(Id, subscribed.GetProperty("id").GetString());
        Assert.True(subscribed.GetProperty("markets").TryGetProperty("märkte-日本", out _));
        host.Feed.Publish("märkte-日本", change: p => p with { ModelVersion = "1.0 🚀" });
        Assert.Equal("1.0 🚀", (await client.MessageAsync("trm_prediction")).GetProperty("data").GetProperty("model_version").GetString());
    }

    [Fact]
    public async Task A_message_of_any_size_arrives_whole()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        var rest = Text(1).Length - Samples.Prediction().ModelVersion.Length;
        foreach (var size in new[] { 65_535, 65_536, 900_000 })
        {
            host.Feed.Publish(change: p => p with { ModelVersion = new string('x', size - rest) });
            var message = await client.NextAsync("text");
            Assert.Equal(size, message.Text!.Length);
            Assert.Equal(size - rest, message.ReadJson().GetProperty("data").GetProperty("model_version").GetString()!.Length);
        }
    }

    private protected async Task<InteropClient> ConnectAsync(GatewayHost host, object? deflate = null)
    {
        var client = await StartAsync(host.Address);
        await client.DoAsync(Connect(host, deflate));
        await client.NextAsync("open");
        return client;
    }

    /// <summary>A browser offers compression always.</summary>
    private protected virtual void AssertAgreement(bool isOffered, bool isAgreed) => Assert.Equal(isOffered && Deflate.IsAccepted, isAgreed);

    private protected static async Task AssertAnswersAsync(InteropClient client)
    {
        await client.SendAsync("""{"type":"ping","id":1}""");
        Assert.Equal(1, (await client.MessageAsync("pong")).GetProperty("id").GetInt32());
    }

    private protected static Instruction Connect(GatewayHost host, object? deflate) =>
        new("connect") { Url = new UriBuilder(host.Address) { Scheme = "ws", Path = "/ws/interop" }.Uri, Deflate = deflate };

    private static string Text(long sequence) => Encoding.UTF8.GetString(PredictionJson.Message(Samples.Prediction("m", sequence)));
}
