using System.Net.WebSockets;
using System.Text.Json;
using Trm.Cli.Tests.Support;
using Trm.Tests;

namespace Trm.Cli.Tests.EndToEnd;

public sealed class KillTests : IDisposable
{
    private const int Kills = 10;

    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromMinutes(6));

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public Task A_replay_killed_at_random_moments_leaves_no_hole_and_no_duplicate_and_a_resuming_client_sees_each_sequence_once()
    {
        const int Sessions = 500;
        const int WarmUp = 60;
        var from = SyntheticBars.First.AddDays(WarmUp * 7 / 5);
        return KillTenTimesAsync(SyntheticBars.Write(folder["bars.csv"], Sessions + WarmUp), from, Sessions, interval: "0.1");
    }

    [Fact]
    public Task Real_bars_replayed_at_full_speed_and_killed_leave_no_hole_and_no_duplicate()
    {
        var bars = SharedData.File("bars-2010-2022.csv");
        var sessions = File.ReadLines(bars).Count(line => line.Contains(",SPY,") && string.CompareOrdinal(line, "2015") > 0);
        return KillTenTimesAsync(bars, new DateOnly(2015, 1, 1), sessions, interval: "0");
    }

    private async Task KillTenTimesAsync(string bars, DateOnly from, int sessions, string interval)
    {
        var ingest = await TrmProcess.RunAsync(folder.Path, ["ingest", bars]);
        Assert.True(ingest.Code == 0, ingest.Errors);
        var random = new Random(11);
        var seen = new List<(string Epoch, long Sequence)>();

        var killedMidway = 0;
        for (var round = 0; round <= Kills; round++)
        {
            var last = round == Kills;
            var (server, address) = await TrmProcess.ServeAsync(
                folder.Path, "--source", "replay", "--from", from.ToString("yyyy-MM-dd"), "--interval", last ? "0" : interval);
            await using var _ = server;
            // However fast it predicts, ten kills fall within the replay: each comes after a random share of a twelfth.
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var wanted = seen.Count + random.Next(1, sessions / (Kills + 2));
            var listening = ListenAsync(address, seen, until: last ? sessions : long.MaxValue, () => { if (seen.Count >= wanted) reached.TrySetResult(); });
            if (!last)
            {
                // Every other one a random moment after its start: the wait is the test's input, not a synchronisation.
                if (round % 2 == 0) await Task.WhenAny(reached.Task, listening);
                else await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 150)), TimeProvider.System, limit.Token);
                await server.KillAsync();
            }
            await listening;
            if (!last && seen.Count > 0 && seen[^1].Sequence < sessions) killedMidway++;
        }

        Assert.True(killedMidway >= Kills / 2, $"only {killedMidway} of {Kills} kills fell into the replay");
        Assert.Single(seen.Select(s => s.Epoch).Distinct());
        Assert.Equal(Sequences(sessions), seen.Select(s => s.Sequence));
        await AssertLogHasEachSessionOnceAsync(sessions);
    }

    private async Task AssertLogHasEachSessionOnceAsync(int sessions)
    {
        var (_, output, _) = await TrmProcess.RunAsync(folder.Path, ["history", "--last", "5000", "--json"]);
        var log = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        Assert.Equal(Sequences(sessions), log.Select(p => p.GetProperty("sequence").GetInt64()));
        var days = log.Select(p => p.GetProperty("as_of").GetDateTimeOffset()).ToArray();
        Assert.Equal(days.Distinct().Order(), days);
    }

    private static IEnumerable<long> Sequences(int count) => Enumerable.Range(1, count).Select(n => (long)n);

    // Null when the server was killed before the client got through.
    private async Task<SocketClient?> ConnectAsync(Uri address)
    {
        try
        {
            return await SocketClient.ConnectAsync(address, "resuming", limit.Token);
        }
        catch (WebSocketException)
        {
            return null;
        }
    }

    // Subscribes from where it stopped last time and collects what comes after 'subscribed', until the server dies
    // or the last sequence is there.
    private async Task ListenAsync(Uri address, List<(string Epoch, long Sequence)> seen, long until, Action heard)
    {
        if (await ConnectAsync(address) is not { } client) return;
        using var _ = client;
        var since = seen.Count == 0 ? "" : $",\"since\":{{\"us-equities\":{{\"epoch\":\"{seen[^1].Epoch}\",\"sequence\":{seen[^1].Sequence}}}}}";
        if (seen.Count == 0)
        {
            // A first connection has nothing to resume: ask for everything of this epoch.
            if (await client.ReceiveAsync(limit.Token) is not { } message) return;
            var first = message.GetProperty("data");
            since = $",\"since\":{{\"us-equities\":{{\"epoch\":\"{first.GetProperty("epoch").GetString()}\",\"sequence\":0}}}}";
        }
        await client.SendAsync($"{{\"type\":\"subscribe\",\"markets\":[\"us-equities\"],\"delivery\":\"all\"{since}}}", limit.Token);

        var subscribed = false;
        while (await client.ReceiveAsync(limit.Token) is { } next)
        {
            var type = next.GetProperty("type").GetString();
            Assert.NotEqual("resync", type);
            if (type == "subscribed") subscribed = true;
            if (type != "trm_prediction" || !subscribed) continue;
            var data = next.GetProperty("data");
            seen.Add((data.GetProperty("epoch").GetString()!, data.GetProperty("sequence").GetInt64()));
            heard();
            if (seen[^1].Sequence >= until) return;
        }
    }
}
