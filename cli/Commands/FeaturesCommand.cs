using System.CommandLine;
using System.Globalization;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;

namespace Trm.Cli.Commands;

/// <summary><c>trm features</c>: the features of stored sessions as CSV, for training and for looking at.</summary>
internal static class FeaturesCommand
{
    private static readonly Option<FileInfo> Csv = new("--csv") { Description = "Write here instead of to stdout", HelpName = "file" };

    private static readonly Option<bool> Outcomes = new("--outcomes")
    {
        Description = "Add what each strategy realised over the 5 sessions after: settled, return_NAME, utility_NAME; empty where they are not over by --to",
    };

    public static Command Create() => CommandRunner.Create(
        "features",
        "Print the features of stored sessions as CSV.",
        [SettingOptions.Data, SettingOptions.Market, SettingOptions.Markets, SettingOptions.From, SettingOptions.To, SettingOptions.Set],
        [Csv, Outcomes, SettingOptions.OfCluster],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var settings = context.Settings;
        var market = Composition.Market(settings);
        var place = DataPlace.Of(context);
        place.RequireExisting();
        await using var bars = await place.OpenBarsAsync(context.Cancellation).ConfigureAwait(false);
        if (await bars.Store.RangeAsync(market.Id, context.Cancellation).ConfigureAwait(false) is null)
            throw new TrmException("no_bars", $"market {market.Id} has no bars in {place.Name}; run 'trm ingest FILE.csv' first");

        var extractor = FeatureSets.Create(settings.Set ?? FeatureSets.CausalV2, market);
        var columns = context.Line.GetValue(Outcomes)
            ? await OutcomeColumns.ReadAsync(bars.Store, market, settings.From, settings.To, context.Cancellation).ConfigureAwait(false)
            : OutcomeColumns.None;
        var file = context.Line.GetValue(Csv);
        var output = file is null ? Console.Out : new StreamWriter(file.FullName) { NewLine = "\n" };
        var (rows, missing) = (0, new List<(DateOnly Date, string Reason)>());
        try
        {
            await output.WriteLineAsync($"date,{string.Join(',', FeatureNames.All)},benchmark_close,bond_close{columns.Header}").ConfigureAwait(false);
            await foreach (var (session, reading) in FeatureSeries.ReadAsync(bars.Store, market, extractor, settings.From, settings.To, context.Cancellation).ConfigureAwait(false))
            {
                if (reading.Features is { } features)
                {
                    await output.WriteLineAsync($"{Row(session, features, market)}{columns.Cells(session.Date)}").ConfigureAwait(false);
                    rows++;
                }
                else if (!reading.IsWarmingUp)
                {
                    missing.Add((session.Date, reading.Reason!));
                }
            }
        }
        finally
        {
            if (file is not null) await output.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var (date, reason) in missing.Take(20)) await Console.Error.WriteLineAsync($"{date:yyyy-MM-dd}: no features: {reason}").ConfigureAwait(false);
        if (missing.Count > 20) await Console.Error.WriteLineAsync($"… and {missing.Count - 20} more sessions without features").ConfigureAwait(false);
        if (file is not null) await Console.Error.WriteLineAsync($"{rows} sessions of {extractor.FeatureSet} written to {file.FullName}").ConfigureAwait(false);
        return CommandRunner.Done;
    }

    private static string Row(Session session, FeatureVector features, Market market)
    {
        var numbers = features.AsSpan().ToArray().Cast<double?>().Append(Close(market.Benchmark)).Append(Close(market.Bond));
        return string.Create(CultureInfo.InvariantCulture, $"{session.Date:yyyy-MM-dd},{string.Join(',', numbers.Select(n => n is { } value ? value.ToString("R", CultureInfo.InvariantCulture) : ""))}");

        double? Close(string symbol) => session.Bars.TryGetValue(symbol, out var bar) ? bar.Close : null;
    }
}
