using System.Globalization;
using Spectre.Console;
using Trm.Core.Backtests;
using Trm.Core.Predictions;

namespace Trm.Cli.Backtests;

/// <summary>A backtest for people: a line of facts, the table, and what to make of it.</summary>
internal static class BacktestText
{
    public static void Write(BacktestReport report)
    {
        // Into a file or a pipe a row stays one line; a terminal wraps as it is wide.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;
        foreach (var line in Facts(report)) AnsiConsole.WriteLine(line);
        AnsiConsole.Write(Table(report));
        foreach (var line in Notes(report)) AnsiConsole.WriteLine(line);
    }

    /// <summary>What was run.</summary>
    public static IEnumerable<string> Facts(BacktestReport report)
    {
        var (first, last) = (report.Decisions[0].Session, report.Decisions[^1].Session);
        yield return Text($"{report.Market.Id}, {first:yyyy-MM-dd} to {last:yyyy-MM-dd}: {report.Decisions.Count} predictions, {Judged(report)} judged by {report.Rule.Name} ({report.Rule.HorizonSessions} sessions each)");
        yield return Text($"model {report.Model.Version} ({report.Model.FeatureSet}){Trained(report.Model)}");
        if (report.Model.TrainedTo >= first) yield return Text($"Sessions up to {report.Model.TrainedTo:yyyy-MM-dd} were trained on: what is said of them flatters.");
        if (report.Missed.Count > 0) yield return Text($"{report.Missed.Count} sessions have no prediction; the first: {report.Missed[0]}");
    }

    /// <summary>The table's columns.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["", "log-loss", "hard", "Brier", "top-1", "top-3", "ECE", "utility", "return/y", "volatility", "drawdown", "turnover/y"];

    /// <summary>A contestant's cells under <see cref="Columns"/>; what does not apply is empty.</summary>
    public static IReadOnlyList<string> Cells(Contestant contestant)
    {
        var (forecast, equity) = (contestant.Forecast, contestant.Equity);
        return
        [
            contestant.Name,
            forecast is null ? "" : Text($"{forecast.LogLoss:0.0000}"),
            forecast is null ? "" : Text($"{forecast.HardLogLoss:0.0000}"),
            forecast is null ? "" : Text($"{forecast.Brier:0.0000}"),
            contestant.HitRate is { } hit ? Share(hit) : "",
            forecast is null ? "" : Share(forecast.Top3Rate),
            forecast is null ? "" : Text($"{forecast.CalibrationError:0.000}"),
            contestant.Utility is { } utility ? Text($"{utility * 10_000:0.0} bp") : "",
            Share(equity.AnnualReturn), Share(equity.Volatility), Share(equity.MaxDrawdown), Text($"{equity.TurnoverPerYear:0.0}"),
        ];
    }

    /// <summary>What to make of it.</summary>
    public static IEnumerable<string> Notes(BacktestReport report)
    {
        yield return report.Gain is { } gain
            ? Text($"Log-loss below the class prior's by {gain.Mean:0.0000} nats, {gain.Bootstrap.Level * 100:0} % interval {gain.Low:0.0000} to {gain.High:0.0000} (blocks of {gain.Bootstrap.BlockLength} sessions, {gain.Bootstrap.Resamples} resamples, seed {gain.Bootstrap.Seed})")
            : Text($"No horizon of {report.Rule.HorizonSessions} sessions is over: nothing to judge by yet");
        yield return Text($"Class prior: of {report.Prior.Source}{(report.Prior.Sessions > 0 ? Text($" ({report.Prior.Sessions} sessions)") : "")}");
        var predicted = report.Predicted.Select((count, id) => (Strategy.All[id].Name, Count: count)).Where(p => p.Count > 0).OrderByDescending(p => p.Count).ToArray();
        yield return Text($"{predicted.Length} of {Strategy.Count} strategies predicted: {string.Join(", ", predicted.Select(p => Text($"{p.Name} {p.Count} ({Share((double)p.Count / report.Decisions.Count)})")))}");
        yield return Text($"Confidence, 10th, 50th and 90th percentile: {Share(report.ConfidencePercentile(0.1))}, {Share(report.ConfidencePercentile(0.5))}, {Share(report.ConfidencePercentile(0.9))}");
        yield return Text($"Trades cost {report.CostBasisPoints:0.###} basis points; one more takes {report.Contestants[0].Equity.TurnoverPerYear / 100:0.00} % a year from the model. Utility is per decision; bp is 1/100 %.");
        yield return Text($"Not investment advice. {report.Elapsed.TotalSeconds:0.0} s");
    }

    private static Table Table(BacktestReport report)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var title in Columns) table.AddColumn(title.Length == 0 ? new TableColumn(title).NoWrap() : new TableColumn(title).NoWrap().RightAligned());
        foreach (var contestant in report.Contestants) table.AddRow([.. Cells(contestant).Select(Markup.Escape)]);
        return table;
    }

    private static int Judged(BacktestReport report) => report.Contestants[0].Forecast?.Sessions ?? 0;

    private static string Trained(ModelInfo model) => model.TrainedTo is null ? "" : Text($", trained on {model.TrainedFrom:yyyy-MM-dd} to {model.TrainedTo:yyyy-MM-dd}");

    private static string Share(double share) => Text($"{share * 100:0.0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
