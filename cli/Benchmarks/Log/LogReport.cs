using System.Globalization;
using System.Text.RegularExpressions;
using Trm.Cli.Benchmarks.Inference.Report;
using Trm.Cli.Output;

namespace Trm.Cli.Benchmarks.Log;

/// <summary>The figures, for people or for machines.</summary>
internal static partial class LogReport
{
    private const double Gigabyte = 1e9;

    public static void Write(bool json, LogPlan plan, LogFilled filled, IReadOnlyList<LogMeasured> measured)
    {
        if (json) WriteJson(plan, filled, measured);
        else WriteText(plan, filled, measured);
    }

    /// <summary>Which indexes of the predictions a plan uses, whichever shard's, and whether it reads all of them.</summary>
    public static string IndexUse(IReadOnlyList<string> plan)
    {
        var found = plan.SelectMany(line => Index().Matches(line)).Select(match => $"predictions_{match.Groups["kind"].Value}");
        var whole = plan.Where(line => line.Contains("Seq Scan on predictions", StringComparison.Ordinal)).Select(_ => "the whole table");
        return string.Join(", ", found.Concat(whole).Distinct());
    }

    [GeneratedRegex(@"\bpredictions_\d\d_(?<kind>pkey|by_time)\b")]
    private static partial Regex Index();

    private static void WriteText(LogPlan plan, LogFilled filled, IReadOnlyList<LogMeasured> measured)
    {
        Line($"{filled.Server.Split(" on ")[0]}: {plan.RowsPerMarket * plan.Markets:N0} predictions of {plan.Markets} markets, {filled.TableBytes / Gigabyte:0.0} GB and {filled.IndexBytes / Gigabyte:0.0} GB of indexes");
        Line($"filled with {filled.Added:N0} rows in {filled.Took.TotalSeconds:0} s");
        var table = new TextTable(["asked", "calls", "calls/s", "p50 ms", "p99 ms", "max ms", "index"], leftColumn: 0);
        foreach (var one in measured)
        {
            table.Add([
                one.Name, Number(one.Latency.Count, "N0"), Number(one.PerSecond, "N0"), Milliseconds(one.Latency.Percentile(0.5)),
                Milliseconds(one.Latency.Percentile(0.99)), Milliseconds(one.Latency.Max), IndexUse(one.Plan)]);
        }
        table.Write(Console.Out, markdown: false);
        foreach (var one in measured.Where(m => m.Plan.Count > 0))
        {
            Line($"");
            Line($"{one.Name}:");
            foreach (var line in one.Plan) Line($"  {line}");
        }

        static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        static string Milliseconds(TimeSpan value) => Number(value.TotalMilliseconds, "0.00");
    }

    private static void WriteJson(LogPlan plan, LogFilled filled, IReadOnlyList<LogMeasured> measured) => JsonOutput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("server", filled.Server);
        writer.WriteNumber("rows", plan.RowsPerMarket * plan.Markets);
        writer.WriteNumber("markets", plan.Markets);
        writer.WriteNumber("rate", plan.Rate);
        writer.WriteNumber("table_bytes", filled.TableBytes);
        writer.WriteNumber("index_bytes", filled.IndexBytes);
        foreach (var one in measured)
        {
            writer.WriteStartObject(one.Key);
            writer.WriteNumber("calls", one.Latency.Count);
            writer.WriteNumber("calls_per_second", one.PerSecond);
            writer.WriteNumber("p50_seconds", one.Latency.Percentile(0.5).TotalSeconds);
            writer.WriteNumber("p99_seconds", one.Latency.Percentile(0.99).TotalSeconds);
            writer.WriteNumber("max_seconds", one.Latency.Max.TotalSeconds);
            writer.WriteString("index", IndexUse(one.Plan));
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    });
}
