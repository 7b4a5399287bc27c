using System.CommandLine;
using Trm.Cli.Backtests;
using Trm.Cli.Hosting;
using Trm.Cli.Settings;
using Trm.Core.Backtests;
using Trm.Hosting;
using Trm.MarketData.Sources;

namespace Trm.Cli.Commands;

/// <summary><c>trm backtest</c>: what the model would have said of stored sessions, and what it would have been worth.</summary>
internal static class BacktestCommand
{
    private const double MostCost = 1_000;

    private static readonly Option<FileInfo> Html = new("--html") { Description = "Write a report with plots here, one file", HelpName = "file" };

    private static readonly Option<double> Cost = new("--cost-bps")
    {
        Description = "Cost of what a change of strategy buys and sells, in 1/100 %; default 0", HelpName = "n", DefaultValueFactory = _ => 0,
    };

    public static Command Create() => CommandRunner.Create(
        "backtest",
        "Judge a model on stored sessions: its forecasts against what came, its decisions against each strategy held throughout.",
        [SettingOptions.From, SettingOptions.To, SettingOptions.Data, SettingOptions.Market, SettingOptions.Markets, .. SettingOptions.OfModel, SettingOptions.Precision],
        [Cost, Html, SettingOptions.OfCluster, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var settings = context.Settings;
        var cost = context.Line.GetValue(Cost);
        if (!(cost is >= 0 and <= MostCost)) throw new UsageException($"--cost-bps {cost} is not between 0 and {MostCost}");

        var market = Composition.Market(settings);
        var place = DataPlace.Of(context);
        place.RequireExisting();
        var predictor = Composition.Predictor(settings);
        await using var bars = await place.OpenBarsAsync(context.Cancellation).ConfigureAwait(false);
        var choice = new SourceChoice { Source = "replay", From = settings.From, To = settings.To, Restart = true };
        var sources = new SnapshotSources(bars.Store, place.Name, predictor.Model.FeatureSet, choice, CommandContext.Time);
        var (replay, _) = await sources.OpenAsync(market, context.Cancellation).ConfigureAwait(false);
        await using var closing = ((ReplaySource)replay).ConfigureAwait(false);

        var report = await new Backtest(market, bars.Store, predictor, CommandContext.Time).RunAsync(replay, settings.To, cost, context.Cancellation).ConfigureAwait(false);
        if (context.Json) BacktestJson.Write(report);
        else BacktestText.Write(report);
        if (context.Line.GetValue(Html) is { } file)
        {
            await File.WriteAllTextAsync(file.FullName, BacktestPage.Of(report, Command(context)), context.Cancellation).ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"Report written to {file.FullName}").ConfigureAwait(false);
        }
        return CommandRunner.Done;
    }

    private static string Command(CommandContext context) => "trm " + string.Join(' ', context.Line.Tokens.Select(t => t.Value));
}
