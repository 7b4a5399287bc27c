using System.Globalization;
using Trm.Core.Backtests;
using Trm.Core.Predictions;

namespace Trm.Cli.Backtests;

/// <summary>The three plots of a report.</summary>
internal static class BacktestPlots
{
    private const double Wide = 960;

    /// <summary>What 1 became: the model against each strategy held throughout.</summary>
    public static string Equity(BacktestReport report)
    {
        var points = report.Contestants.SelectMany(c => c.Equity.Points).Select(p => p.Equity).ToArray();
        if (points.Length == 0) return "";
        var (low, high) = (points.Min(), points.Max());
        var step = Step(high - low);
        var plot = new Plot("Equity of the model and of each strategy held throughout", (Wide, 380), Days(report), (Math.Floor(low / step) * step, Math.Ceiling(high / step) * step), right: 190);
        Years(plot, report);
        for (var value = Math.Floor(low / step) * step; value <= high + step; value += step) plot.TickY(value, value.ToString("0.##", CultureInfo.InvariantCulture));
        foreach (var contestant in report.Contestants.Skip(2)) Draw(contestant, "constant");
        Draw(report.Contestants[1], "prior");
        Draw(report.Contestants[0], "model");
        Labels(plot, report, high - low);
        return plot.ToString();

        void Draw(Contestant contestant, string style) =>
            plot.Line(contestant.Equity.Points.Select(p => ((double)p.Session.DayNumber, p.Equity)), style, contestant.Name);
    }

    /// <summary>How often the model was right when it was so sure; on the diagonal it knows what it does not know.</summary>
    public static string Reliability(BacktestReport report)
    {
        if (report.Contestants[0].Forecast is not { } forecast) return "";
        var plot = new Plot("Hit rate against confidence", (460, 400), (0, 1), (0, 1), right: 24);
        for (var tenths = 0; tenths <= 10; tenths += 2)
        {
            plot.TickX(tenths / 10.0, Percent(tenths / 10.0));
            plot.TickY(tenths / 10.0, Percent(tenths / 10.0));
        }
        plot.Line([(0, 0), (1, 1)], "diagonal", "as sure as right");
        plot.Line(forecast.Reliability.Select(bin => (bin.AverageConfidence, bin.HitRate)), "model", "model");
        foreach (var bin in forecast.Reliability)
        {
            plot.Dot(bin.AverageConfidence, bin.HitRate, 3 + (12 * Math.Sqrt((double)bin.Sessions / forecast.Sessions)), string.Create(
                CultureInfo.InvariantCulture, $"{bin.Sessions} sessions, confidence {bin.AverageConfidence * 100:0.0} %, right {bin.HitRate * 100:0.0} %"));
        }
        return plot.ToString();
    }

    /// <summary>Which strategy was predicted when: a row each.</summary>
    public static string Timeline(BacktestReport report)
    {
        var plot = new Plot("Strategy predicted at each session", (Wide, 280), Days(report), (0, Strategy.Count), right: 190);
        Years(plot, report);
        foreach (var strategy in Strategy.All)
        {
            var row = Strategy.Count - 1 - strategy.Id;
            plot.Label(row + 0.5, string.Create(CultureInfo.InvariantCulture, $"{strategy.Name} {100.0 * report.Predicted[strategy.Id] / report.Decisions.Count:0.0} %"), "label");
        }
        var decisions = report.Decisions;
        for (var (start, at) = (0, 1); at <= decisions.Count; at++)
        {
            if (at < decisions.Count && decisions[at].Strategy == decisions[start].Strategy) continue;
            var row = Strategy.Count - 1 - decisions[start].Strategy.Id;
            var until = at < decisions.Count ? decisions[at].Session : decisions[at - 1].Session.AddDays(1);
            plot.Block((decisions[start].Session.DayNumber, until.DayNumber), (row + 0.12, row + 0.88));
            start = at;
        }
        return plot.ToString();
    }

    // The ends that lie too close to each other share a line's room: the lower ones are left to the table and the tooltips.
    private static void Labels(Plot plot, BacktestReport report, double range)
    {
        var written = new List<double>();
        foreach (var (contestant, style) in report.Contestants.Select((c, i) => (c, i == 0 ? "label model-label" : "label")).Where(c => c.c.Name != "class prior"))
        {
            if (contestant.Equity.Points is not [.., var end] || written.Any(y => Math.Abs(y - end.Equity) < range / 22)) continue;
            written.Add(end.Equity);
            plot.Label(end.Equity, string.Create(CultureInfo.InvariantCulture, $"{contestant.Name} {end.Equity:0.00}"), style);
        }
    }

    private static (double, double) Days(BacktestReport report) => (report.Decisions[0].Session.DayNumber, report.Decisions[^1].Session.DayNumber + 1);

    private static void Years(Plot plot, BacktestReport report)
    {
        var (first, last) = (report.Decisions[0].Session, report.Decisions[^1].Session);
        if (last.Year - first.Year < 2)
        {
            for (var month = new DateOnly(first.Year, first.Month, 1).AddMonths(1); month <= last; month = month.AddMonths(Math.Max(1, (last.DayNumber - first.DayNumber) / 240)))
                plot.TickX(month.DayNumber, month.ToString("yyyy-MM", CultureInfo.InvariantCulture));
            return;
        }
        for (var year = first.Year + 1; year <= last.Year; year += Math.Max(1, (last.Year - first.Year) / 12))
            plot.TickX(new DateOnly(year, 1, 1).DayNumber, year.ToString(CultureInfo.InvariantCulture));
    }

    private static double Step(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(range, 1e-6))));
        return (range / power) switch { < 2 => power / 4, < 5 => power / 2, _ => power };
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");
}
