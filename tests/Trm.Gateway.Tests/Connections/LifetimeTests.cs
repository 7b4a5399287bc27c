using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Trm.Core.Telemetry;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

/// <summary>How connections end that neither side closes in the usual way.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task A_client_that_answers_no_ping_is_cut_and_one_that_does_stays()
    {
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time);
        await using var alive = await host.ConnectAsync("alive");
        await using var vanished = await host.ConnectAsync("vanished");
        await GatewayHost.UntilAsync(() => host.Connections.Count == 2);
        // A client answers pings while it reads.
        for (var i = 0; i < 4; i++)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await alive.NextAsync("heartbeat");
            await alive.SendAsync("ping");
            Assert.Equal("pong", await alive.TextAsync());
        }
        await GatewayHost.UntilAsync(() => { time.Advance(TimeSpan.FromMilliseconds(10)); return host.Connections.Count == 1; });
        Assert.Equal("alive", Assert.Single(host.Connections.Open).Id);
    }

    [Fact]
    public async Task A_drain_tells_all_at_once_and_ends_them_one_by_one()
    {
        const int Clients = 60;
        var time = new FakeTimeProvider();
        await using var host = await GatewayHost.StartAsync(time: time, options: o => o.CloseTimeout = TimeSpan.FromMinutes(1));
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => host.ConnectAsync($"c{i}")));
        await GatewayHost.UntilAsync(() => host.Connections.Count == Clients);

        host.Connections.Drain(TimeSpan.FromSeconds(10));
        foreach (var client in clients) await client.NextAsync("server_shutdown");
        time.Advance(TimeSpan.FromSeconds(5));
        host.Connections.CloseDue();
        Assert.InRange(host.Connections.Open.Count(c => c.Outbox.ClosingFor is null), 1, Clients - 1);
        time.Advance(TimeSpan.FromSeconds(5.1));
        host.Connections.CloseDue();
        foreach (var client in clients)
        {
            Assert.Equal(1012, await client.CloseCodeAsync());
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task What_waits_for_a_client_that_reads_again_comes_whole_and_in_order()
    {
        await using var host = await GatewayHost.StartAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync("""{"type":"subscribe","delivery":"all"}""");
        await client.NextAsync("subscribed");
        // Far more than the sockets hold: it is sent in pieces as the client makes room.
        host.Feed.Publish(count: 900, change: p => p with { ModelVersion = new string('x', 8_192) });
        Assert.Equal(Enumerable.Range(1, 900).Select(i => (long)i), await client.SequencesAsync(900));
    }

    [Fact]
    public async Task What_ended_a_connection_is_counted()
    {
        var reasons = new ConcurrentQueue<string?>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            foreach (var (key, value) in tags)
            {
                if (key == "reason") reasons.Enqueue(value as string);
            }
        });
        listener.EnableMeasurementEvents(TrmTelemetry.Disconnections);
        await using var host = await GatewayHost.StartAsync();
        await using (var large = await host.ConnectAsync())
        {
            await large.SendAsync("x".PadRight(5_000));
            Assert.Equal(1009, await large.CloseCodeAsync());
        }
        await GatewayHost.UntilAsync(() => reasons.Contains("too_large"));
    }

    [Fact]
    public async Task Connections_that_come_and_go_leave_nothing()
    {
        await using var host = await GatewayHost.StartAsync();
        for (var round = 0; round < 5; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.ConnectAsync("same")));
            host.Feed.Publish();
            foreach (var client in clients.Take(10)) client.Socket.Abort();
            foreach (var client in clients) await client.DisposeAsync();
        }
        await GatewayHost.UntilAsync(() => host.Connections.Count == 0);
        Assert.Empty(host.Connections.Open);
    }
}
