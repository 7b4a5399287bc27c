using System.CommandLine;
using System.Globalization;
using Trm.Cli.Commands;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;
using Trm.Hosting;

namespace Trm.Cli.Benchmarks.Batching;

/// <summary>
/// <c>trm bench batching</c>: callers who each ask for one prediction after the other, through the engine and queue of a
/// service, beside what the same engine does with large batches; in turns, the best of each.
/// </summary>
internal static class BatchingBench
{
    private const int LargeBatch = 512;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.5);

    private static readonly Option<int> Callers = new("--callers") { Description = "Callers at once; default 8", HelpName = "n", DefaultValueFactory = _ => 8 };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "Turns for each of the two; default 10", HelpName = "n", DefaultValueFactory = _ => 10 };

    public static Command Create() => CommandRunner.Create(
        "batching",
        "Measure callers that share the engine of a service, beside large batches.",
        [.. SettingOptions.OfModel, SettingOptions.Precision, SettingOptions.Threads],
        [Callers, Rounds, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var (callers, rounds) = (context.Line.GetValue(Callers), context.Line.GetValue(Rounds));
        if (callers is < 1 or > 1_000) throw new UsageException($"--callers {callers} is not between 1 and 1000");
        if (rounds is < 1 or > 1_000) throw new UsageException($"--rounds {rounds} is not between 1 and 1000");

        var predictor = await Composition.ReloadablePredictorAsync(context.Settings, context.Cancellation).ConfigureAwait(false);
        await using var _ = predictor.ConfigureAwait(false);
        var latency = new LatencyHistogram();
        double best = 0, large = 0;
        for (var round = 0; round < rounds; round++)
        {
            large = Math.Max(large, await LargeBatchesAsync(predictor, context.Cancellation).ConfigureAwait(false));
            best = Math.Max(best, await CallersAsync(predictor, callers, latency, context.Cancellation).ConfigureAwait(false));
        }
        Report(context.Json, string.Join(", ", predictor.EngineNames), callers, best, large, latency);
        return CommandRunner.Done;
    }

    private static async Task<double> LargeBatchesAsync(IPredictor predictor, CancellationToken cancellation)
    {
        var batch = Enumerable.Range(0, LargeBatch).Select(Features).ToArray();
        var started = CommandContext.Time.GetTimestamp();
        await predictor.PredictManyAsync(batch, cancellation).ConfigureAwait(false);
        return LargeBatch / CommandContext.Time.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> CallersAsync(IPredictor predictor, int callers, LatencyHistogram latency, CancellationToken cancellation)
    {
        var started = CommandContext.Time.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller), cancellation))).ConfigureAwait(false);
        return counts.Sum() / CommandContext.Time.GetElapsedTime(started).TotalSeconds;

        async Task<long> CallAsync(int caller)
        {
            var (features, count) = (Features(caller), 0L);
            while (CommandContext.Time.GetElapsedTime(started) < Turn)
            {
                var asked = CommandContext.Time.GetTimestamp();
                await predictor.PredictAsync(features, cancellation).ConfigureAwait(false);
                latency.Record(CommandContext.Time.GetElapsedTime(asked));
                count++;
            }
            return count;
        }
    }

    private static FeatureVector Features(int row) => FeatureVector.From([14.5 + (row % 20), -0.02, -0.05, 1.1, 0.45, 0.28, 1.3, 0.5, 0.03, 0.95]);

    private static void Report(bool json, string engine, int callers, double best, double large, LatencyHistogram latency)
    {
        if (json)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("engine", engine);
                writer.WriteNumber("callers", callers);
                writer.WriteNumber("predictions_per_second", best);
                writer.WriteNumber("large_batch_predictions_per_second", large);
                writer.WriteNumber("ratio", best / large);
                writer.WriteNumber("p50_seconds", latency.Percentile(0.5).TotalSeconds);
                writer.WriteNumber("p99_seconds", latency.Percentile(0.99).TotalSeconds);
                writer.WriteEndObject();
            });
            return;
        }
        Line($"{engine}");
        Line($"{callers} callers: {best:0} predictions/s, p50 {latency.Percentile(0.5).TotalMilliseconds:0.00} ms, p99 {latency.Percentile(0.99).TotalMilliseconds:0.00} ms");
        Line($"batches of {LargeBatch}: {large:0} predictions/s; the callers reach {best / large:0.00} of it");

        static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
