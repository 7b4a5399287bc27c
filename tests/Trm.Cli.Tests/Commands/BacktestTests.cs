using System.Text.Json;
using System.Text.RegularExpressions;
using Trm.Cli.Tests.Support;
using Trm.Core.Predictions;

namespace Trm.Cli.Tests.Commands;

public sealed class BacktestTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_backtest_predicts_what_a_replay_logs_and_leaves_the_log_alone()
    {
        await IngestAsync(120);
        await TrmProcess.RunAsync(folder.Path, ["stream", "--source", "replay", "--interval", "0", "--json"]);
        var (_, logged, _) = await TrmProcess.RunAsync(folder.Path, ["history", "--last", "5000", "--json"]);

        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["backtest", "--json"]);

        Assert.True(code == 0, errors);
        var report = JsonDocument.Parse(output).RootElement;
        var strategies = logged.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("strategy_name").GetString()).ToList();
        Assert.Equal(strategies.Count, report.GetProperty("predictions").GetInt32());
        foreach (var strategy in Strategy.All) Assert.Equal(strategies.Count(s => s == strategy.Name), report.GetProperty("predicted").GetProperty(strategy.Name).GetInt32());
        Assert.Equal(strategies.Count - 5, report.GetProperty("contestants")[0].GetProperty("forecast").GetProperty("sessions").GetInt32());
        Assert.Equal(logged, (await TrmProcess.RunAsync(folder.Path, ["history", "--last", "5000", "--json"])).Output);
    }

    [Fact]
    public async Task The_table_names_the_model_the_prior_and_every_strategy()
    {
        await IngestAsync(90);

        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["backtest", "--from", "2015-04-01", "--to", "2015-05-05", "--cost-bps", "2"]);

        Assert.True(code == 0, errors);
        Assert.Contains("us-equities, 2015-04-01 to 2015-05-05: 25 predictions, 20 judged by utility-v1", output);
        Assert.Contains("Class prior: of the model's training period, 2015-01-01 to 2015-04-29 (85 sessions)", output);
        Assert.All(Strategy.All.Select(s => s.Name).Concat(["model", "class prior"]), name => Assert.Matches($"(?m)^ +{name} +.*%", output));
    }

    [Fact]
    public async Task The_page_stands_alone_and_says_how_it_was_made()
    {
        await IngestAsync(90);

        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["backtest", "--from", "2015-04-01", "--html", "report.html"]);

        Assert.True(code == 0, errors);
        var page = await File.ReadAllTextAsync(folder["report.html"]);
        Assert.DoesNotMatch("<script|<link|src=|href=|url\\(", page);
        Assert.Equal(3, Regex.Count(page, "<svg "));
        Assert.Equal(3, Regex.Count(page, "</svg>"));
        Assert.Contains("<pre>trm backtest --from 2015-04-01 --html report.html</pre>", page);
        Assert.Contains("prefers-color-scheme: dark", page);
        Assert.Matches("model us-equities-[^<]*\\+[0-9a-f]{8}", page);
        Assert.DoesNotContain("NaN", page);
    }

    [Theory]
    [InlineData("no bars|none between --from and --to", 1, "--from", "2020-01-01")]
    [InlineData("is after --to", 2, "--from", "2015-05-01", "--to", "2015-04-01")]
    [InlineData("no session of us-equities lies in the range", 1, "--from", "2015-04-04", "--to", "2015-04-05")]
    [InlineData("no model package folder or checkpoint", 1, "--model", "nowhere")]
    [InlineData("--cost-bps -1 is not between 0 and 1000", 2, "--cost-bps", "-1")]
    public async Task What_cannot_be_run_is_one_line(string message, int code, params string[] options)
    {
        await IngestAsync(90);

        var (actual, output, errors) = await TrmProcess.RunAsync(folder.Path, ["backtest", .. options]);

        Assert.Equal((code, ""), (actual, output));
        Assert.Matches($"^trm: .*({message}).*\n$", errors);
    }

    private async Task IngestAsync(int sessions) => await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], sessions)]);
}
