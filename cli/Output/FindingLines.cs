using System.Text.Json;
using Spectre.Console;
using Trm.Cli.Doctor;

namespace Trm.Cli.Output;

/// <summary>What <c>trm doctor</c> found: a line each, or one JSON object.</summary>
internal static class FindingLines
{
    /// <summary>Of the longest name of a check.</summary>
    private const int NameWidth = 8;

    public static void Write(string check, Finding finding)
    {
        Screen.Out.Write(new Text($"{Word(finding.Verdict),-4}", Style(finding.Verdict)));
        Console.Out.WriteLine($"  {check.PadRight(NameWidth)} {finding.Found}{(finding.ToDo is { } toDo ? $"; {toDo}" : "")}");
    }

    public static void WriteTotals(IReadOnlyList<Finding> findings) => Console.Out.WriteLine(
        $"{Count(findings, Verdict.Ok)} ok, {Count(findings, Verdict.Warn)} to look at, {Count(findings, Verdict.Fail)} failed");

    public static void WriteJson(IReadOnlyList<(string Check, Finding Finding)> found) => JsonOutput.Write(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", found.All(f => f.Finding.Verdict != Verdict.Fail));
        json.WriteStartArray("findings");
        foreach (var (check, finding) in found) Write(json, check, finding);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, string check, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("check", check);
        json.WriteString("verdict", Word(finding.Verdict).ToLowerInvariant());
        json.WriteString("found", finding.Found);
        json.WriteString("to_do", finding.ToDo);
        json.WriteEndObject();
    }

    private static int Count(IReadOnlyList<Finding> findings, Verdict verdict) => findings.Count(f => f.Verdict == verdict);

    private static string Word(Verdict verdict) => verdict switch { Verdict.Ok => "ok", Verdict.Warn => "warn", _ => "FAIL" };

    private static Style Style(Verdict verdict) => verdict switch
    {
        Verdict.Ok => new Style(Color.Green),
        Verdict.Warn => new Style(Color.Yellow),
        _ => new Style(Color.Red, decoration: Decoration.Bold),
    };
}
