using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

/// <summary>Keys that change while the server runs.</summary>
public sealed class KeyChangeTests : IDisposable
{
    private readonly KeyRing ring = new();
    private readonly FakeTimeProvider time = new(Samples.Start);

    public void Dispose() => ring.Dispose();

    [Fact]
    public async Task A_key_that_is_added_works_at_the_next_look()
    {
        ring.Add();
        await using var host = await StartAsync();
        var added = ring.Add();
        await Problem.IsAsync(await host.GetAsync("/api/markets", added), 401, "key_invalid");
        await UntilAsync(host, added, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_and_its_streams_are_closed_and_no_others()
    {
        var revoked = ring.Add();
        var other = ring.Add();
        await using var host = await StartAsync();
        await using var socket = await host.ConnectAsync("revoked", key: revoked);
        await using var stays = await host.ConnectAsync("stays", key: other);
        var events = await (await host.GetAsync("/api/markets/m/stream", revoked)).Content.ReadAsStreamAsync();
        await GatewayHost.UntilAsync(() => host.Connections.Count == 3);

        ring.Revoke(revoked);
        await UntilAsync(host, revoked, HttpStatusCode.Unauthorized);
        Assert.Equal(4001, await CloseCodeAsync(host, socket, "revoked"));
        using var reader = new StreamReader(events);
        await reader.ReadToEndAsync();
        await Problem.IsAsync(await host.GetAsync("/api/markets", revoked), 401, "key_revoked");
        await Problem.IsAsync(await host.GetAsync("/api/markets", revoked + "x"), 401, "key_invalid");
        Assert.Contains("401", (await Assert.ThrowsAsync<WebSocketException>(() => host.ConnectAsync(key: revoked))).Message, StringComparison.Ordinal);
        await stays.SendAsync("ping");
        Assert.Equal("pong", await stays.TextAsync());
    }

    [Fact]
    public async Task A_key_that_expires_or_sees_less_ends_its_streams()
    {
        var expires = ring.Add(expires: Samples.Start.AddSeconds(10));
        var narrowed = ring.Add();
        await using var host = await StartAsync();
        await using var first = await host.ConnectAsync("expires", key: expires);
        await using var second = await host.ConnectAsync("narrowed", key: narrowed);
        await GatewayHost.UntilAsync(() => host.Connections.Count == 2);

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(4001, await CloseCodeAsync(host, first, "expires"));
        ring.Change(narrowed, k => k with { Markets = ["elsewhere"] });
        Assert.Equal(4001, await CloseCodeAsync(host, second, "narrowed"));
        await using var again = await host.ConnectAsync(key: narrowed);
    }

    [Fact]
    public async Task The_first_key_closes_a_server_that_was_open_with_whoever_is_in_it()
    {
        await using var host = await StartAsync();
        await using var anyone = await host.ConnectAsync("anyone");
        await GatewayHost.UntilAsync(() => host.Connections.Count == 1);
        var key = ring.Add();
        await UntilAsync(host, null, HttpStatusCode.Unauthorized);
        Assert.Equal(4001, await CloseCodeAsync(host, anyone, "anyone"));
        await using var let = await host.ConnectAsync(key: key);
    }

    [Fact]
    public async Task A_file_that_is_deleted_or_spoilt_opens_nothing_and_changes_nothing()
    {
        using var logs = new LogRecorder();
        var key = ring.Add();
        await using var host = await GatewayHost.StartAsync(time: time, settings: ring.Settings(), logs: logs);
        ring.Spoil();
        await GatewayHost.UntilAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return logs.Lines.Any(l => l.Contains("no file of keys", StringComparison.Ordinal)); });
        for (var i = 0; i < 10; i++) time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(logs.Lines, l => l.StartsWith("Access: the keys stay as they were", StringComparison.Ordinal));
        ring.Delete();
        for (var i = 0; i < 10; i++) time.Advance(TimeSpan.FromSeconds(1));
        await Problem.IsAsync(await host.GetAsync("/api/markets", null), 401, "key_required");
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/markets", key)).StatusCode);
    }

    private Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(time: time, settings: ring.Settings());

    private async Task UntilAsync(GatewayHost host, string? key, HttpStatusCode status)
    {
        for (var i = 0; (await host.GetAsync("/api/markets", key)).StatusCode != status; i++)
        {
            Assert.True(i < 1_000, $"it was never {status}");
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    // The server looks every second; so it is let look until it has seen.
    private async Task<int> CloseCodeAsync(GatewayHost host, TestSocket socket, string client)
    {
        await GatewayHost.UntilAsync(() =>
        {
            if (host.Connections.Open.All(c => c.Id != client || c.Outbox.ClosingFor is not null)) return true;
            time.Advance(TimeSpan.FromMilliseconds(100));
            return false;
        });
        return await socket.CloseCodeAsync();
    }
}
