using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.EndToEnd;

public sealed class OutcomeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_replay_at_speed_has_the_outcomes_that_the_export_has_and_goes_on_after_a_kill()
    {
        await IngestAsync(140);
        var (first, at) = await TrmProcess.ServeAsync(folder.Path, "--source", "replay", "--to", "2015-05-29", "--interval", "0");
        await using (first)
        {
            await SettledAsync(at, "2015-05-22");
            await first.KillAsync();
        }

        var (second, again) = await TrmProcess.ServeAsync(folder.Path, "--source", "replay", "--interval", "0");
        await using var _ = second;
        var page = await SettledAsync(again, "2015-07-08");

        var export = await ExportedAsync();
        var outcomes = page.GetProperty("outcomes").EnumerateArray().ToList();
        Assert.Equal(export.Keys, outcomes.Select(o => o.GetProperty("session").GetString()!));
        Assert.Equal(Enumerable.Range(1, outcomes.Count), outcomes.Select(o => o.GetProperty("sequence").GetInt32()));
        foreach (var outcome in outcomes)
        {
            var row = export[outcome.GetProperty("session").GetString()!];
            Assert.Equal(row["settled"], outcome.GetProperty("settled").GetString());
            foreach (var kind in new[] { "return", "utility" })
            {
                foreach (var value in outcome.GetProperty(kind == "return" ? "returns" : "utilities").EnumerateObject())
                    Assert.Equal(row[$"{kind}_{value.Name}"], value.Value.GetDouble().ToString("R", CultureInfo.InvariantCulture));
            }
        }
        using var http = new HttpClient { BaseAddress = again };
        var summary = await http.GetFromJsonAsync<JsonElement>("/api/markets/us-equities/summary", limit.Token);
        Assert.Equal(63, summary.GetProperty("outcomes").GetProperty("sessions").GetInt32());
    }

    [Fact]
    public async Task A_replay_does_not_know_its_future()
    {
        await IngestAsync(140);
        var (server, at) = await TrmProcess.ServeAsync(folder.Path, "--source", "replay", "--to", "2015-05-29", "--interval", "0");
        await using var _ = server;

        var page = await SettledAsync(at, "2015-05-22");

        Assert.Equal("2015-05-29", page.GetProperty("outcomes").EnumerateArray().Last().GetProperty("settled").GetString());
    }

    [Fact]
    public async Task The_command_line_tells_outcomes_of_a_log_that_nobody_judged_yet()
    {
        await IngestAsync(90);
        await TrmProcess.RunAsync(folder.Path, ["stream", "--source", "replay", "--interval", "0"]);

        var (code, lines, errors) = await TrmProcess.RunAsync(folder.Path, ["history", "--outcomes", "--last", "3", "--json"]);
        var (_, table, _) = await TrmProcess.RunAsync(folder.Path, ["history", "--outcomes", "--from", "2015-04-10", "--to", "2015-04-14"]);

        Assert.True(code == 0, errors);
        var last = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["2015-04-27", "2015-04-28", "2015-04-29"], last.Select(o => o.GetProperty("session").GetString()!));
        Assert.Equal("2015-05-06", last[^1].GetProperty("settled").GetString());
        foreach (var session in new[] { "2015-04-10", "2015-04-13", "2015-04-14" }) Assert.Matches($"(?m)^ +{session} +", table);
        Assert.DoesNotContain("2015-04-15 ", table);
        Assert.Matches(@"us-equities-.*newest \d+ sessions: right \d+\.\d %", table);
    }

    [Fact]
    public async Task A_market_that_is_simulated_has_none_and_says_so()
    {
        var (server, at) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.1");
        using (var client = await SocketClient.ConnectAsync(at, "desk", limit.Token))
            await client.NextAsync("trm_prediction", limit.Token);
        await server.DisposeAsync();

        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["history", "--outcomes"]);

        Assert.Equal((0, ""), (code, output));
        Assert.Contains("the market is simulated", errors);
    }

    [Fact]
    public async Task Features_that_the_model_was_not_trained_on_are_told_in_the_summary_and_once_in_the_log()
    {
        await IngestAsync(260);
        var (server, at) = await TrmProcess.ServeAsync(folder.Path, "--source", "replay", "--interval", "0", "--model", PackageWithDistribution());
        await using var _ = server;

        await SettledAsync(at, "2015-12-23");

        using var http = new HttpClient { BaseAddress = at };
        var drift = (await http.GetFromJsonAsync<JsonElement>("/api/markets/us-equities/summary", limit.Token)).GetProperty("drift");
        Assert.Equal(200, drift.GetProperty("sessions").GetInt32());
        Assert.Equal(["vix"], drift.GetProperty("warnings").EnumerateArray().Select(w => w.GetString()!));
        Assert.Equal(0, drift.GetProperty("features").GetProperty("signal_quality").GetDouble());
        await server.SaysAsync("vix has drifted");
        Assert.Equal(2, server.Errors.Split("has drifted").Length);
    }

    /// <summary>The shipped package, said to have been trained on a volatility index of 50 and more.</summary>
    private string PackageWithDistribution()
    {
        var package = Directory.CreateDirectory(folder["package"]).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "model", "us-equities"))) File.Copy(file, Path.Combine(package, Path.GetFileName(file)));
        var manifest = Path.Combine(package, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["feature_distribution"] = JsonNode.Parse("""{"vix":{"edges":[50],"shares":[0.01,0.99]},"signal_quality":{"edges":[0.999],"shares":[0,1]}}""");
        File.WriteAllText(manifest, json.ToJsonString());
        return package;
    }

    private async Task<JsonElement> SettledAsync(Uri at, string session)
    {
        using var http = new HttpClient { BaseAddress = at };
        while (true)
        {
            var page = await http.GetFromJsonAsync<JsonElement>("/api/markets/us-equities/outcomes", limit.Token);
            var outcomes = page.GetProperty("outcomes");
            if (outcomes.GetArrayLength() > 0 && outcomes[outcomes.GetArrayLength() - 1].GetProperty("session").GetString() == session) return page;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private async Task<Dictionary<string, Dictionary<string, string>>> ExportedAsync()
    {
        var (_, output, _) = await TrmProcess.RunAsync(folder.Path, ["features", "--outcomes"]);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(',');
        return lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(c => c.First, c => c.Second)).Where(row => row["settled"].Length > 0).ToDictionary(row => row["date"]);
    }

    private async Task IngestAsync(int sessions) => await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], sessions)]);
}
