using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.EndToEnd;

public sealed class ServeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task With_nothing_configured_a_client_gets_a_simulated_prediction_and_is_told_so()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        using var client = await SocketClient.ConnectAsync(address, "my_client_id", limit.Token);

        var data = (await client.NextAsync("trm_prediction", limit.Token)).GetProperty("data");

        Assert.True(data.GetProperty("mock_data").GetBoolean());
        Assert.Equal("simulated", data.GetProperty("source").GetString());
        Assert.Equal(1, data.GetProperty("sequence").GetInt64());
        Assert.Equal(8, data.GetProperty("probabilities").EnumerateObject().Count());
        Assert.Equal(1, data.GetProperty("probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()), 3);
    }

    // Each is one to five megabytes that a desk's machine would hold for nothing.
    [Fact]
    public async Task Libraries_of_what_is_not_configured_are_not_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "what a process has loaded is read from /proc");
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        using var client = await SocketClient.ConnectAsync(address, "desk", limit.Token);
        await client.NextAsync("trm_prediction", limit.Token);
        using var http = new HttpClient { BaseAddress = address };
        await http.GetStringAsync("/api/markets", limit.Token);

        var loaded = await server.LibrariesAsync();

        Assert.Contains("Trm.Gateway.dll", loaded);
        foreach (var library in (string[])["Npgsql.dll", "OpenTelemetry.dll", "Microsoft.IdentityModel.Tokens.dll", "System.Private.Xml.dll", "System.Linq.Expressions.dll"])
            Assert.DoesNotContain(library, loaded);
    }

    [Fact]
    public async Task A_pushed_session_becomes_a_new_live_prediction_at_once()
    {
        await IngestAsync(80);
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "3600");
        await using var _ = server;
        using var client = await SocketClient.ConnectAsync(address, "desk", limit.Token);
        var before = (await client.NextAsync("trm_prediction", limit.Token)).GetProperty("data");

        var all = await File.ReadAllLinesAsync(SyntheticBars.Write(folder["more.csv"], 81), limit.Token);
        using var http = new HttpClient { BaseAddress = address };
        using var pushed = await http.PostAsync(
            "/api/markets/us-equities/bars", new StringContent(string.Join('\n', all.Take(1).Concat(all.TakeLast(16))), null, "text/csv"), limit.Token);
        var after = (await client.NextAsync("trm_prediction", limit.Token)).GetProperty("data");

        Assert.Equal(16, (await pushed.Content.ReadFromJsonAsync<JsonElement>(limit.Token)).GetProperty("added").GetInt32());
        Assert.Equal("live", after.GetProperty("source").GetString());
        Assert.False(after.TryGetProperty("mock_data", out var _));
        Assert.Equal(before.GetProperty("sequence").GetInt64() + 1, after.GetProperty("sequence").GetInt64());
        Assert.True(after.GetProperty("as_of").GetDateTimeOffset() > before.GetProperty("as_of").GetDateTimeOffset());
        Assert.Equal(0, after.GetProperty("quality").GetDouble());
    }

    [Fact]
    public async Task Bars_ingested_by_another_process_become_a_new_live_prediction()
    {
        await IngestAsync(80);
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "3600");
        await using var _ = server;
        using var client = await SocketClient.ConnectAsync(address, "desk", limit.Token);
        await client.NextAsync("trm_prediction", limit.Token);

        await IngestAsync(81);

        Assert.Equal(2, (await client.NextAsync("trm_prediction", limit.Token)).GetProperty("data").GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task A_name_that_is_not_this_servers_is_refused()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        using var http = new HttpClient { BaseAddress = address };
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/api/markets") { Headers = { Host = "evil.example" } };

        using var refused = await http.SendAsync(rebound, limit.Token);
        using var served = await http.GetAsync("/api/markets", limit.Token);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_is_not_ready_and_tells_clients_no_path()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.2");
        await using var _ = server;
        using var http = new HttpClient { BaseAddress = address };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", limit.Token)).StatusCode);

        await using (var log = new SqliteConnection($"Data Source={folder["data/predictions.db"]};Pooling=False"))
        {
            await log.OpenAsync(limit.Token);
            await using var command = log.CreateCommand();
            command.CommandText = "ALTER TABLE predictions RENAME TO gone";
            await command.ExecuteNonQueryAsync(limit.Token);
        }

        var ready = await http.GetAsync("/health/ready", limit.Token);
        var history = await http.GetAsync("/api/markets/us-equities/predictions", limit.Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, history.StatusCode);
        Assert.DoesNotContain("predictions.db", await ready.Content.ReadAsStringAsync(limit.Token) + await history.Content.ReadAsStringAsync(limit.Token));
    }

    [Fact]
    public async Task Two_writers_of_one_data_folder_are_refused()
    {
        var (server, _) = await TrmProcess.ServeAsync(folder.Path);
        await using var first = server;

        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["serve", "--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, code);
        Assert.Contains("--data DIR", errors);
    }

    [Fact]
    public async Task A_busy_port_is_one_line_and_nothing_is_predicted()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var first = server;

        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["serve", "--data", "other", "--urls", address.ToString()]);
        var history = await TrmProcess.RunAsync(folder.Path, ["history", "--data", "other", "--json"]);

        Assert.Equal(1, code);
        Assert.Contains("address already in use", Assert.Single(errors.Split('\n'), line => line.StartsWith("trm: ", StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", errors);
        Assert.Equal("", history.Output);
    }

    [Fact]
    public async Task Other_machines_are_not_served_by_accident()
    {
        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["serve", "--urls", "http://0.0.0.0:0"]);

        Assert.Equal(2, code);
        Assert.Contains("--allow-anonymous", errors);
    }

    private async Task IngestAsync(int sessions)
    {
        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], sessions)]);
        Assert.True(code == 0, errors);
    }
}
