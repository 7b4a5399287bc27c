using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary><c>trm history --last N</c>: what the log holds.</summary>
internal static class HistoryCommand
{
    private static readonly Option<int> Last = new("--last") { Description = "How many of the newest, 1 to 5000; default 20", HelpName = "n", DefaultValueFactory = _ => 20 };

    private static readonly Option<bool> Outcomes = new("--outcomes")
    {
        Description = "Print what came of them instead: --last, --from and --to are sessions then",
    };

    public static Command Create() => CommandRunner.Create(
        "history",
        "Print the newest predictions of the log, of all days or of those made from one day (UTC) to another.",
        [SettingOptions.Data, SettingOptions.Market, SettingOptions.Markets, SettingOptions.From, SettingOptions.To],
        [Last, Outcomes, SettingOptions.OfCluster, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var last = context.Line.GetValue(Last);
        if (last is < 1 or > LogQuery.MaxLimit) throw new UsageException($"--last {last} is not between 1 and {LogQuery.MaxLimit}");

        var market = Composition.Market(context.Settings);
        var place = DataPlace.Of(context);
        place.RequireExisting();
        if (context.Line.GetValue(Outcomes)) return await OutcomeHistory.RunAsync(context, market, place, last).ConfigureAwait(false);
        await using var log = await place.OpenLogAsync(context.Cancellation).ConfigureAwait(false);
        var query = new LogQuery { Limit = last, Newest = true, From = Midnight(context.Settings.From), To = Midnight(context.Settings.To?.AddDays(1)) };
        var predictions = await log.Store.ReadAsync(market.Id, query, context.Cancellation).ConfigureAwait(false);

        if (context.Json)
        {
            foreach (var prediction in predictions) JsonOutput.WriteLine(prediction);
        }
        else if (predictions.Count == 0)
        {
            await Console.Error.WriteLineAsync($"The log of {market.Id} in {place.Name} is empty.").ConfigureAwait(false);
        }
        else
        {
            Print(predictions);
        }
        return CommandRunner.Done;
    }

    private static DateTimeOffset? Midnight(DateOnly? date) =>
        date is { } day ? new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    private static void Print(IReadOnlyList<Prediction> predictions)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (title, right) in new[] { ("sequence", true), ("made (UTC)", false), ("as of (UTC)", false), ("strategy", false), ("confidence", true), ("halt", true), ("source", false), ("model", false) })
        {
            var column = new TableColumn(title).NoWrap();
            table.AddColumn(right ? column.RightAligned() : column);
        }
        foreach (var p in predictions)
        {
            table.AddRow(
                Text($"{p.Sequence}"), Text($"{p.Timestamp:yyyy-MM-dd HH:mm:ss}"), Text($"{p.AsOf:yyyy-MM-dd HH:mm}"), p.Strategy.Name,
                Text($"{p.Confidence * 100:0.0} %"), Text($"{p.HaltProbability * 100:0.0} %"), p.Origin.WireName(), Markup.Escape(p.ModelVersion));
        }
        // Into a file or a pipe a row stays one line; a terminal wraps as it is wide.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;
        AnsiConsole.Write(table);
    }

    private static string Text(FormattableString value) => value.ToString(CultureInfo.InvariantCulture);
}
