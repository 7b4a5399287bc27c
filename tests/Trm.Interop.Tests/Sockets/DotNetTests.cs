using Trm.Gateway.Tests.Support;
using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.Sockets;

/// <summary>.NET's ClientWebSocket.</summary>
public sealed class DotNetTests : ClientContract
{
    private protected override Task<InteropClient> StartAsync(Uri server) => Task.FromResult<InteropClient>(new DotNetClient());

    [Fact]
    public async Task A_message_in_fragments_is_one_message()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await ConnectAsync(host);
        await client.DoAsync(new Instruction("fragments") { Parts = ["""{"type":""", "", "\"ping\"", ",\"id\":7}"] });
        Assert.Equal(7, (await client.MessageAsync("pong")).GetProperty("id").GetInt32());
    }
}
