using System.CommandLine;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core.Local;
using Trm.Core.Predictions;

namespace Trm.Cli.Commands;

/// <summary><c>trm stream</c>: predictions in the terminal, no server.</summary>
internal static class StreamCommand
{
    private static readonly Option<double?> Duration = new("--duration") { Description = "Seconds to run; default until Ctrl-C", HelpName = "seconds" };

    public static Command Create() => CommandRunner.Create(
        "stream",
        "Print predictions as they are made, without a server.",
        [
            SettingOptions.Interval, SettingOptions.Source, SettingOptions.From, SettingOptions.To, SettingOptions.Seed, SettingOptions.Data,
            SettingOptions.Market, SettingOptions.Markets, .. SettingOptions.OfModel, SettingOptions.Precision, SettingOptions.Threads,
        ],
        [Duration, SettingOptions.Restart, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var settings = context.Settings;
        var interval = settings.IntervalOr(5);
        var duration = context.Line.GetValue(Duration);
        if (duration is { } wanted) _ = TrmSettings.Duration(wanted);

        var predictor = await Composition.ReloadablePredictorAsync(settings, context.Cancellation).ConfigureAwait(false);
        await using var closing = predictor.ConfigureAwait(false);
        await using var store = await EmbeddedStore.OpenForWritingAsync(settings, context.Cancellation).ConfigureAwait(false);
        var markets = await Composition.ServedMarketsAsync(settings, store.Bars, predictor.Model.FeatureSet, interval, context.Cancellation).ConfigureAwait(false);

        var feed = new LocalPredictionFeed([.. markets.Select(m => m.Market)], store.Log);
        using var printing = feed.Subscribe(new StreamPrinter(context.Json));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        if (duration is { } seconds) stop.CancelAfter(LastTickWithin(seconds, interval));

        var runs = await Task.WhenAll(markets.Select(async served =>
        {
            var pipeline = await PredictionPipeline.OpenAsync(served.Market.Id, predictor, store.Log, feed, CommandContext.Time, cancellation: context.Cancellation).ConfigureAwait(false);
            return await new LocalMarket(served.Market, served.Source, pipeline, feed, served.Interval, CommandContext.Time).RunAsync(stop.Token).ConfigureAwait(false);
        })).ConfigureAwait(false);

        foreach (var run in runs.Where(r => r.EndReason is not null))
            await Console.Error.WriteLineAsync($"{run.Market}: {run.EndReason}; {run.Predictions} predictions, {run.Rate:0} sessions/s").ConfigureAwait(false);
        return runs.All(r => r.Predictions == 0) && runs.All(r => r.EndReason is null) ? CommandRunner.Failed : CommandRunner.Done;
    }

    // Ticks are at 0, i, 2i …; a duration of 5 at interval 1 means five of them. Stopping half an interval after the
    // last keeps the tick that falls on the very end from racing the stop.
    private static TimeSpan LastTickWithin(double seconds, TimeSpan interval)
    {
        if (interval <= TimeSpan.Zero) return TimeSpan.FromSeconds(seconds);
        var ticks = Math.Ceiling(seconds / interval.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Min(seconds, (ticks - 0.5) * interval.TotalSeconds));
    }
}
