using System.Globalization;
using Spectre.Console;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Gateway.Protocol;

namespace Trm.Cli.Commands;

/// <summary><c>trm history --outcomes</c>: what came of predictions. What is over and not recorded yet is recorded first.</summary>
internal static class OutcomeHistory
{
    public static async Task<int> RunAsync(CommandContext context, Market market, DataPlace place, int last)
    {
        await using var bars = await place.OpenBarsAsync(context.Cancellation).ConfigureAwait(false);
        await using var log = await place.OpenLogAsync(context.Cancellation).ConfigureAwait(false);
        await using var outcomes = await place.OpenOutcomesAsync(context.Cancellation).ConfigureAwait(false);
        var latest = (await log.Store.OpenAsync(market.Id, context.Cancellation).ConfigureAwait(false)).Latest;
        if (latest is not null)
        {
            var recorder = new OutcomeRecorder(market, OutcomeRule.UtilityV1, bars.Store, log.Store, outcomes.Store);
            await recorder.TakeAsync([latest], context.Cancellation).ConfigureAwait(false);
        }

        var (from, to) = (context.Settings.From, context.Settings.To);
        var query = new OutcomeQuery { After = from?.AddDays(-1), Before = to?.AddDays(1), Limit = from is null ? last : OutcomeQuery.MaxLimit };
        var page = await new OutcomeBook(outcomes.Store, _ => null).ReadAsync(market, latest, query, context.Cancellation).ConfigureAwait(false);
        var shown = page.Outcomes.Select(p => p.Outcome.Session).Distinct().TakeLast(last).ToHashSet();
        var judged = page.Outcomes.Where(p => shown.Contains(p.Outcome.Session)).ToArray();

        if (context.Json)
        {
            foreach (var one in judged) JsonOutput.Write(json => OutcomeJson.WriteJudged(json, one));
        }
        else if (judged.Length == 0)
        {
            await Console.Error.WriteLineAsync($"No outcomes of {market.Id} in {place.Name}: {page.Reason ?? $"a prediction has one when {page.Rule.HorizonSessions} sessions have passed"}.").ConfigureAwait(false);
        }
        else
        {
            Print(judged, page.Statistics);
        }
        return CommandRunner.Done;
    }

    private static void Print(IEnumerable<JudgedPrediction> judged, IEnumerable<ModelStatistics> statistics)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (title, right) in new[] { ("session", false), ("settled", false), ("predicted", false), ("confidence", true), ("return", true), ("utility", true), ("best", false), ("its probability", true), ("model", false) })
        {
            var column = new TableColumn(title).NoWrap();
            table.AddColumn(right ? column.RightAligned() : column);
        }
        foreach (var p in judged)
        {
            var (outcome, strategy) = (p.Outcome, p.Strategy);
            table.AddRow(
                OutcomeJson.Date(outcome.Session), OutcomeJson.Date(outcome.Settled), strategy.Name, Text($"{p.Confidence * 100:0.0} %"),
                Text($"{outcome.Returns[strategy.Id] * 100:0.00} %"), Text($"{outcome.Utilities[strategy.Id] * 10_000:0.0} bp"),
                p.IsHit ? $"{outcome.Best.Name} ✓" : outcome.Best.Name, Text($"{p.ProbabilityOfBest * 100:0.0} %"), Markup.Escape(p.ModelVersion));
        }
        // Into a file or a pipe a row stays one line; a terminal wraps as it is wide.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;
        AnsiConsole.Write(table);
        foreach (var model in statistics)
        {
            var figures = model.Figures;
            AnsiConsole.WriteLine(Text(
                $"{model.ModelVersion}, newest {figures.Sessions} sessions: right {figures.HitRate * 100:0.0} %, in the top 3 {figures.Top3Rate * 100:0.0} %, calibration error {figures.CalibrationError:0.000}, utility {figures.RealisedUtility * 10_000:0.0} bp a decision (always {figures.BestConstant.Strategy.Name}: {figures.BestConstant.Utility * 10_000:0.0} bp)"));
        }
    }

    private static string Text(FormattableString value) => value.ToString(CultureInfo.InvariantCulture);
}
