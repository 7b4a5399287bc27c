using Trm.Gateway.Tests.Support;
using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.Sockets;

/// <summary>What a client is promised that has a say in its frames.</summary>
public abstract class FramingContract : ClientContract
{
    [Fact]
    public async Task A_ping_is_answered_with_its_own_words()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        foreach (var size in new[] { 0, 5, 125 })
        {
            await client.DoAsync(new Instruction("ping") { Text = new string('p', size) });
            Assert.Equal(new string('p', size), (await client.NextAsync("pong")).Text);
        }
        await AssertAnswersAsync(client);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_in_fragments_with_a_ping_between_them_is_one_message(bool offersDeflate)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host, offersDeflate ? Deflate.Default : null);
        await client.DoAsync(new Instruction("fragments") { Parts = ["""{"type":""", "", "\"ping\"", ",\"id\":7}"], Text = "between" });
        Assert.Equal("between", (await client.NextAsync("pong")).Text);
        Assert.Equal(7, (await client.MessageAsync("pong")).GetProperty("id").GetInt32());
    }

    [Theory]
    [InlineData(4_096)]
    [InlineData(4_097)]
    public async Task The_limit_is_that_of_the_whole_message(int size)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await client.DoAsync(new Instruction("fragments") { Parts = ["""{"type":"ping"}""", new string(' ', 2_000), new string(' ', size - 2_015)], Text = "between" });
        await client.NextAsync("pong");
        if (size <= 4_096) await client.MessageAsync("pong");
        else Assert.Equal(1009, (await client.EndAsync()).Code);
    }

    [Fact]
    public async Task Pings_are_answered_while_predictions_stream()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await client.SendAsync("""{"type":"subscribe","delivery":"all"}""");
        await client.MessageAsync("subscribed");
        for (var i = 0; i < 20; i++)
        {
            host.Feed.Publish(count: 10);
            await client.DoAsync(new Instruction("ping") { Text = $"{i}" });
        }
        var (pongs, sequence) = (0, 0L);
        while (pongs < 20 || sequence < 200)
        {
            var next = await client.NextAsync();
            if (next.Event == "pong") Assert.Equal($"{pongs++}", next.Text);
            else Assert.Equal(++sequence, next.ReadJson().GetProperty("data").GetProperty("sequence").GetInt64());
        }
    }
}
