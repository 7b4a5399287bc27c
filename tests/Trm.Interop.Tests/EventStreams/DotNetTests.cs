using System.Net.ServerSentEvents;
using Trm.Gateway.Tests.Support;

namespace Trm.Interop.Tests.EventStreams;

/// <summary>.NET's SseParser, which knows the pause and the last id but leaves coming back to its caller.</summary>
public sealed class DotNetTests
{
    [Fact]
    public async Task The_parser_reads_the_stream_and_knows_where_to_go_on()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 3);
        await using var body = await host.Http.GetStreamAsync($"/api/markets/m/stream?last_event_id={Samples.Epoch}:0");
        var parser = SseParser.Create(body);
        var sequence = 0;
        await foreach (var item in parser.EnumerateAsync())
        {
            Assert.Equal(("trm_prediction", $"{Samples.Epoch}:{++sequence}"), (item.EventType, item.EventId));
            if (sequence == 3) break;
        }
        Assert.Equal($"{Samples.Epoch}:3", parser.LastEventId);
        Assert.Equal(TimeSpan.FromSeconds(2), parser.ReconnectionInterval);
    }
}
