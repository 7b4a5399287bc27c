using System.Text.Json;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Commands;

public sealed class TopTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_running_service_is_shown_once_where_there_is_no_terminal_and_needs_its_key()
    {
        var key = (await TrmProcess.RunAsync(folder.Path, ["keys", "add", "operator"])).Output.Trim();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--interval", "0.1");
        await using var _ = server;
        await server.SaysAsync("TRM Prediction");
        string[] top = ["top", "--url", address.ToString(), "--interval", "0.5"];

        var shown = await TrmProcess.RunAsync(folder.Path, [("TRM_KEY", key)], top);
        Assert.True(shown.Code == 0, shown.Errors);
        Assert.Contains("connections  0 (0 websocket, 0 sse)", shown.Output);
        Assert.Matches(@"us-equities .+ % +\d+ .+/s +simulated ", shown.Output);

        var json = await TrmProcess.RunAsync(folder.Path, [.. top, "--once", "--json", "--key", key]);
        var market = JsonSerializer.Deserialize<JsonElement>(json.Output).GetProperty("markets")[0];
        Assert.True(market.GetProperty("sequence").GetInt64() > 0);
        Assert.True(market.GetProperty("predictions_per_second").GetDouble() > 0);

        var refused = await TrmProcess.RunAsync(folder.Path, top);
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.Contains("--key or TRM_KEY", Assert.Single(refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.DoesNotContain(key.Split('_', 3)[2], server.Errors);
    }
}
