using System.Globalization;

namespace Trm.Cli.Benchmarks.Inference.Report;

/// <summary>The report for people, on a terminal or as Markdown.</summary>
internal static class ReportText
{
    private static readonly string[] Columns =
        ["threads", "batch", "engine", "min ms", "median ms", "p99 ms", "predictions/s", "error", "halt error", "latency vs ORT", "throughput vs ORT", "vs floor"];

    private const int EngineColumn = 2;

    // Where the arithmetic decides, and no longer the reading.
    private const int LargeBatch = 4_096;

    public static void Write(TextWriter output, InferenceReport report, bool markdown)
    {
        var item = markdown ? "- " : "";
        foreach (var line in Facts(report)) output.WriteLine(item + line);
        output.WriteLine();
        var table = new TextTable(Columns, EngineColumn);
        foreach (var result in report.Results) table.Add(Row(result));
        table.Write(output, markdown);
        if (report.Dropouts.Count > 0) output.WriteLine();
        foreach (var dropout in report.Dropouts) output.WriteLine($"{item}{dropout.Name}: skipped: {dropout.Reason}");
    }

    private static IEnumerable<string> Facts(InferenceReport report)
    {
        yield return Text($"{report.Machine.Processor}, {report.Machine.Cores} cores, {report.Machine.Vectors}; {report.Machine.Runtime}; {report.Machine.System}");
        yield return Text($"{report.Date:yyyy-MM-dd HH:mm} UTC; rounds: {report.Rounds}, {report.Elapsed.TotalSeconds:0} s in all");
        yield return Text($"{report.Model.Version}: H {report.Model.HiddenSize}, {report.Model.RecursionCycles} x {report.Model.LatentSteps} steps, {report.Work.MultiplyAdds / 1e6:0.0} million multiply-adds a prediction");
        foreach (var floor in report.Floors)
        {
            yield return Text($"{ReportJson.Name(floor.Format)} on one core: {floor.PeakMultiplyAdds / 1e9:0.0} G multiply-adds/s, {floor.ReadBytes / 1e9:0.0} GB/s over one step's weights: a prediction takes at least {1e3 * floor.Seconds(report.Work, 1, 1):0.000} ms alone and {1e3 * floor.Seconds(report.Work, LargeBatch, 1) / LargeBatch:0.000} ms in a large batch");
        }
        foreach (var (name, version) in report.Results.Select(r => (r.Name, r.Version)).Distinct()) yield return $"{name}: {version}";
    }

    private static string[] Row(CellResult result) =>
    [
        Text($"{result.Threads}"),
        Text($"{result.Batch}"),
        result.Name,
        Text($"{1e3 * result.Minimum:0.000}"),
        Text($"{1e3 * result.Median:0.000}"),
        Text($"{1e3 * result.P99:0.000}"),
        Text($"{result.PredictionsPerSecond:0}"),
        Text($"{result.Error.Probability:0.0e+0}"),
        Text($"{result.Error.Halt:0.0e+0}"),
        Ratio(result.LatencyToYardstick),
        Ratio(result.ThroughputToYardstick),
        Ratio(result.ToFloor),
    ];

    private static string Ratio(double? value) => value is { } ratio ? Text($"{ratio:0.00}") : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
