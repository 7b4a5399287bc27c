using Trm.Gateway.Tests.Support;
using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.Sockets;

/// <summary>npm's <c>ws</c>.</summary>
public sealed class NodeTests : FramingContract
{
    private protected override Task<InteropClient> StartAsync(Uri server) => NodeJs.StartAsync("sockets.mjs");

    /// <summary>What clients with little memory ask for, or a server with many clients would like to hear.</summary>
    public static TheoryData<object> Offers { get; } =
    [
        new { serverNoContextTakeover = true, clientNoContextTakeover = true },
        new { serverMaxWindowBits = 9 },
        new { serverMaxWindowBits = 12, serverNoContextTakeover = true },
        new { clientMaxWindowBits = 9 },
        new { clientMaxWindowBits = false },
    ];

    [Theory, MemberData(nameof(Offers))]
    public async Task Every_offer_of_compression_ends_in_readable_messages(object offer)
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host, offer);
        await client.SendAsync("""{"type":"subscribe","delivery":"all"}""");
        await client.MessageAsync("subscribed");
        // Longer than the smallest windows, and alike: what is compressed points back as far as it may.
        host.Feed.Publish(count: 20, change: p => p with { ModelVersion = string.Concat(Enumerable.Range(0, 500).Select(i => $"{i % 97}-")) });
        for (var sequence = 1; sequence <= 20; sequence++)
            Assert.Equal(sequence, (await client.MessageAsync("trm_prediction")).GetProperty("data").GetProperty("sequence").GetInt64());
        await AssertAnswersAsync(client);
    }
}
