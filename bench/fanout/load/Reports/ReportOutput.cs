using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trm.Bench.FanOut.Reports;

/// <summary>Reports on stdout: tables for people, or one JSON document.</summary>
internal static class ReportOutput
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // the ratio to a peer that sent nothing
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for programs and people, never for HTML
    };

    public static void Write(IReport report, TextWriter output)
    {
        output.WriteLine($"== {report.Scenario}");
        report.Write(output);
        foreach (var check in report.Checks) output.WriteLine($"{(check.Holds ? "holds" : "FAILS"),-6} {check.Promise}: {check.Measured}");
        output.WriteLine();
    }

    public static void WriteJson(IEnumerable<IReport> reports, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        reports.Select(r => new { r.Scenario, Well = r.Checks.All(c => c.Holds), r.Checks, r.Figures }), Json));
}
