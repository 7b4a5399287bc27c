using System.Text.Json;
using Microsoft.Data.Sqlite;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.EndToEnd;

public sealed class RestoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task After_a_restore_a_client_is_told_that_what_it_saw_is_not_continued_even_when_its_sequence_was_given_again()
    {
        JsonElement seen;
        var (first, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.1");
        await using (first)
        {
            using var client = await SocketClient.ConnectAsync(address, "desk", limit.Token);
            await PredictionAsync(client, 2);
            BackUp();
            seen = await PredictionAsync(client, 6);
            var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["log", "new-epoch"]);
            Assert.Equal(1, code);
            Assert.Contains("stop it first", errors);
            await first.KillAsync();
        }
        Restore();
        Assert.Equal(0, (await TrmProcess.RunAsync(folder.Path, ["log", "new-epoch"])).Code);

        var (second, again) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.1");
        await using var _ = second;
        using var back = await SocketClient.ConnectAsync(again, "desk", limit.Token);
        var reached = await PredictionAsync(back, seen.GetProperty("sequence").GetInt64() + 1);
        await back.SendAsync(JsonSerializer.Serialize(new { type = "subscribe", markets = new[] { "us-equities" }, since = new Dictionary<string, object> { ["us-equities"] = Place(seen) } }), limit.Token);

        Assert.NotEqual(seen.GetProperty("epoch").GetString(), reached.GetProperty("epoch").GetString());
        Assert.Equal("epoch_changed", (await back.NextAsync("resync", limit.Token)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_folder_without_a_log_is_told_what_to_do()
    {
        Directory.CreateDirectory(folder["data"]);
        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["log", "new-epoch"]);
        Assert.Equal(1, code);
        Assert.Contains("put the backup in its place first", errors);
    }

    private static object Place(JsonElement prediction) => new { epoch = prediction.GetProperty("epoch").GetString(), sequence = prediction.GetProperty("sequence").GetInt64() };

    private async Task<JsonElement> PredictionAsync(SocketClient client, long sequence)
    {
        while (true)
        {
            var data = (await client.NextAsync("trm_prediction", limit.Token)).GetProperty("data");
            if (data.GetProperty("sequence").GetInt64() >= sequence) return data;
        }
    }

    private void BackUp()
    {
        using var log = new SqliteConnection($"Data Source={folder["data/predictions.db"]};Pooling=False");
        using var copy = new SqliteConnection($"Data Source={folder["backup.db"]};Pooling=False");
        log.Open();
        copy.Open();
        log.BackupDatabase(copy);
    }

    private void Restore()
    {
        foreach (var file in Directory.GetFiles(folder["data"], "predictions.db*")) File.Delete(file);
        File.Copy(folder["backup.db"], folder["data/predictions.db"]);
    }
}
