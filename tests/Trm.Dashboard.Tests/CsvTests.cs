using System.Globalization;
using System.Text.Json;
using Trm.Dashboard.Tests.Support;
using Trm.Gateway.Tests.Support;
using Trm.Tests.Browser;

namespace Trm.Dashboard.Tests;

/// <summary>The history as a file.</summary>
public sealed class CsvTests(Chromium chromium) : DashboardTest(chromium)
{
    private const int Predictions = 2_345; // more than two pages of history

    [Fact]
    public async Task The_file_holds_every_prediction_of_the_range_as_the_log_has_it()
    {
        await using var host = await GatewayHost.StartAsync(new FakeFeed("us-equities"));
        host.Feed.Publish("us-equities", Predictions);
        var dashboard = await (await OpenAsync(host.Address)).ShowsPredictionAsync();
        await dashboard["history-range-all"].ClickAsync();
        await dashboard.ReachesAsync("history-chart", "data-last-sequence", Predictions);

        var download = await dashboard.Page.RunAndWaitForDownloadAsync(() => dashboard["csv-download"].ClickAsync(), new() { Timeout = 60_000 });
        Assert.Equal("us-equities-predictions.csv", download.SuggestedFilename);
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());

        var names = lines[0].TrimStart('\uFEFF').Split(',');
        var log = JsonDocument.Parse(await host.Http.GetStringAsync($"/api/markets/us-equities/predictions?after=0&limit={Predictions}")).RootElement.GetProperty("predictions");
        Assert.Equal(Predictions, lines.Length - 1);
        foreach (var (line, prediction) in lines.Skip(1).Zip(log.EnumerateArray())) AssertSame(prediction, names.Zip(line.Split(',')).ToDictionary());
    }

    private static void AssertSame(JsonElement prediction, Dictionary<string, string> row)
    {
        foreach (var name in new[] { "timestamp", "as_of", "strategy_name", "source", "model_version", "feature_set", "market", "epoch", "trace_id" })
            Assert.Equal(prediction.GetProperty(name).GetString(), row[name]);
        foreach (var name in new[] { "sequence", "strategy_id", "confidence", "halt_probability", "quality" }) AssertNumber(prediction.GetProperty(name), row[name]);
        foreach (var probability in prediction.GetProperty("probabilities").EnumerateObject()) AssertNumber(probability.Value, row[$"probability_{probability.Name}"]);
        foreach (var (name, i) in Trm.Core.Features.FeatureNames.All.Select((name, i) => (name, i)))
        {
            AssertNumber(prediction.GetProperty("raw_features")[i], row[name]);
            AssertNumber(prediction.GetProperty("normalized_features")[i], row[$"{name}_z"]);
        }
    }

    private static void AssertNumber(JsonElement expected, string actual) => Assert.Equal(expected.GetDouble(), double.Parse(actual, CultureInfo.InvariantCulture));
}
