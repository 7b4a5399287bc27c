using System.Globalization;
using System.Text;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;
using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.EventStreams;

/// <summary>What every reader of server-sent events is promised, each held by one that people use.</summary>
public abstract class EventStreamContract
{
    private protected abstract Task<InteropClient> StartAsync(Uri server);

    [Fact]
    public async Task An_event_has_the_messages_text_a_name_and_an_id()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 2);
        await using var client = await ListenAsync(host);
        foreach (var sequence in new[] { 2, 3 })
        {
            var prediction = await client.NextAsync("event");
            Assert.Equal(("trm_prediction", $"{Samples.Epoch}:{sequence}"), (prediction.Name, prediction.Id));
            Assert.Equal(Encoding.UTF8.GetString(PredictionJson.Message(Samples.Prediction("m", sequence))), prediction.Text);
            host.Feed.Publish();
        }
    }

    [Fact]
    public async Task A_server_that_restarts_costs_the_reader_nothing()
    {
        var feed = new FakeFeed("m");
        feed.Publish(count: 3);
        var before = await GatewayHost.StartAsync(feed);
        var address = before.Address;
        await using var client = await ListenAsync(before);
        feed.Publish(count: 2);
        Assert.Equal([3, 4, 5], await SequencesAsync(client, 3));
        await before.StopAsync();
        Assert.Equal("server_shutdown", (await client.NextAsync("event")).Name);
        await before.DisposeAsync();

        feed.Publish(count: 300);
        await using var after = await GatewayHost.StartAsync(feed, address: address);
        // The client comes back by itself, after the pause that the server named, with the id it saw last.
        await client.NextAsync("open");
        feed.Publish(count: 5);
        Assert.Equal(Enumerable.Range(6, 305).Select(s => (long)s), await SequencesAsync(client, 305));
    }

    [Fact]
    public async Task A_log_that_starts_over_is_an_event_of_its_own()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Feed.Publish(count: 7);
        await using var client = await ListenAsync(host);
        Assert.Equal([7], await SequencesAsync(client, 1));
        host.Feed.StartOver("m", new Guid("7c9e6679-7425-40de-944b-e07fc1f90ae7"));
        host.Feed.Publish();
        var resync = await client.NextAsync("event");
        Assert.Equal(("resync", "epoch_changed"), (resync.Name, resync.ReadJson().GetProperty("reason").GetString()));
        Assert.Equal([1], await SequencesAsync(client, 1));
    }

    private async Task<InteropClient> ListenAsync(GatewayHost host)
    {
        var client = await StartAsync(host.Address);
        await client.DoAsync(new Instruction("listen")
        {
            Url = new Uri(host.Address, "/api/markets/m/stream?delivery=all"), Names = ["trm_prediction", "resync", "server_shutdown"],
        });
        await client.NextAsync("open");
        return client;
    }

    private static async Task<IReadOnlyList<long>> SequencesAsync(InteropClient client, int count)
    {
        var sequences = new List<long>();
        while (sequences.Count < count)
        {
            var id = (await client.NextAsync("event")).Id!;
            sequences.Add(long.Parse(id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
        }
        return sequences;
    }
}
