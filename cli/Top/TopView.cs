using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Trm.Cli.Top;

/// <summary>What <c>trm top</c> knows, for a terminal.</summary>
internal static class TopView
{
    private const string Unknown = "-";

    public static IRenderable Render(TopState state)
    {
        var lines = new List<IRenderable> { Line($"{state.Url.GetLeftPart(UriPartial.Authority)}  {state.At:yyyy-MM-dd HH:mm:ss} UTC") };
        if (state.Fault is { } fault) lines.Add(new Text($"no answer since {Text($"{state.FaultSince:HH:mm:ss}")} UTC: {fault}; asking on", new Style(Color.Red)));
        if (state.Sample is { } sample)
        {
            lines.AddRange(Service(state, sample.Health));
            lines.Add(Markets(state, sample));
        }
        return new Rows(lines);
    }

    private static IEnumerable<IRenderable> Service(TopState state, HealthAnswer health)
    {
        yield return new Text(
            Text($"{health.Status}  version {health.Version}  up {Duration(health.UptimeSeconds)}"), new Style(health.Status == "ok" ? Color.Green : Color.Yellow));
        yield return Line($"connections  {health.Connections.Total} ({health.Connections.Websocket} websocket, {health.Connections.Sse} sse)");
        yield return state.MessageRates is var (sent, conflated, dropped)
            ? Line($"messages     {sent:0.0}/s sent, {conflated:0.0}/s conflated, {dropped:0.0}/s dropped")
            : Line($"messages     {Unknown}");
        var latency = health.SnapshotToSocket;
        yield return latency.Count > 0
            ? Line($"latency      p50 {latency.P50Ms:0.00} ms, p99 {latency.P99Ms:0.00} ms, max {latency.MaxMs:0.00} ms, snapshot to socket, {latency.Count} since the start")
            : Line($"latency      {Unknown}");
    }

    private static Table Markets(TopState state, ServiceSample sample)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (title, right) in new[] { ("market", false), ("strategy", false), ("confidence", true), ("sequence", true), ("age", true), ("rate", true), ("source", false), ("model", false) })
        {
            var column = new TableColumn(title).NoWrap();
            table.AddColumn(right ? column.RightAligned() : column);
        }
        foreach (var (market, latest) in sample.Markets)
        {
            table.AddRow(
                Cell(market.Market), Cell(latest?.StrategyName ?? Unknown), Cell(latest is null ? Unknown : Text($"{100 * latest.Confidence:0.0} %")), Cell(Text($"{market.Sequence}")),
                Cell(market.AgeSeconds is { } age ? Duration(age) : Unknown), Cell(Rate(state.Rate(market))), Cell(latest?.Source ?? Unknown), Cell(latest?.ModelVersion ?? Unknown));
        }
        return table;
    }

    // Slow ones by the minute: 0.02/s says little.
    private static string Rate(double? perSecond) => perSecond switch
    {
        null => Unknown,
        > 0 and < 0.5 and { } slow => Text($"{60 * slow:0.0}/min"),
        { } quick => Text($"{quick:0.0}/s"),
    };

    private static string Duration(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalMinutes: < 1 } few => Text($"{few.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } minutes => Text($"{minutes.Minutes} min {minutes.Seconds} s"),
        { TotalDays: < 1 } hours => Text($"{hours.Hours} h {hours.Minutes} min"),
        var days => Text($"{days.Days} d {days.Hours} h"),
    };

    private static Text Cell(string text) => new(text);

    private static Text Line(FormattableString text) => new(Text(text));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
