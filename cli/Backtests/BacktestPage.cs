using System.Globalization;
using System.Net;
using System.Text;
using Trm.Core.Backtests;

namespace Trm.Cli.Backtests;

/// <summary>A backtest as a page that stands alone: no script, no other file, light and dark.</summary>
internal static class BacktestPage
{
    /// <param name="report">What it came to.</param>
    /// <param name="command">What made it, to be run again.</param>
    public static string Of(BacktestReport report, string command)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"Backtest of {report.Market.Id}, {report.Decisions[0].Session:yyyy-MM-dd} to {report.Decisions[^1].Session:yyyy-MM-dd}");
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Html(title)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <h1>{Html(title)}</h1>
            {Paragraphs(BacktestText.Facts(report))}
            <pre>{Html(command)}</pre>
            <h2>Equity</h2>
            <p>What 1 became: the model (bold), each strategy held throughout (thin; point at a line for its name), the class prior's strategy (dashed).</p>
            {BacktestPlots.Equity(report)}
            <h2>Strategies predicted</h2>
            {BacktestPlots.Timeline(report)}
            <h2>Reliability</h2>
            <p>How often the model was right when it was so sure. On the diagonal its probabilities can be taken at their word; a dot's size is its share of the sessions.</p>
            <div class="narrow">{BacktestPlots.Reliability(report)}</div>
            <h2>Figures</h2>
            {Table(report)}
            {Paragraphs(BacktestText.Notes(report))}
            </body>
            </html>

            """;
    }

    private const string Style = """
        :root { --ink: #1d2330; --paper: #fdfdfc; --faint: #d9dce3; --muted: #8b93a5; --accent: #1456c4; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e4e7ee; --paper: #14171d; --faint: #2f3542; --muted: #828b9e; --accent: #7db0ff; } }
        body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
        pre { overflow-x: auto; padding: .6rem .8rem; border: 1px solid var(--faint); border-radius: 4px; }
        svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--ink); } .narrow { max-width: 30rem; }
        .grid { stroke: var(--faint); } polyline { fill: none; stroke-width: 1.2; }
        .constant { stroke: var(--muted); } .prior { stroke: var(--ink); stroke-dasharray: 5 4; } .model { stroke: var(--accent); stroke-width: 2.4; }
        .diagonal { stroke: var(--muted); stroke-dasharray: 3 4; } .dot { fill: var(--accent); fill-opacity: .55; } .block { fill: var(--accent); }
        svg .model-label { fill: var(--accent); font-weight: 600; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .85rem; }
        th, td { padding: .25rem .55rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--faint); } th:first-child { text-align: left; }
        tbody tr:first-child { font-weight: 600; }
        """;

    private static string Table(BacktestReport report)
    {
        var html = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (var title in BacktestText.Columns) html.Append("<th scope=\"col\">").Append(Html(title)).Append("</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var contestant in report.Contestants)
        {
            var cells = BacktestText.Cells(contestant);
            html.Append("<tr><th scope=\"row\">").Append(Html(cells[0])).Append("</th>");
            foreach (var cell in cells.Skip(1)) html.Append("<td>").Append(Html(cell)).Append("</td>");
            html.Append("</tr>\n");
        }
        return html.Append("</tbody></table></div>").ToString();
    }

    private static string Paragraphs(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"<p>{Html(line)}</p>\n"));

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
