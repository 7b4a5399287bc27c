using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.MarketData.Import;

namespace Trm.Cli.Commands;

/// <summary><c>trm ingest FILE.csv</c>: bars from CSV files into the store.</summary>
internal static class IngestCommand
{
    private static readonly Argument<FileInfo[]> Files = new("files") { Description = "CSV files: date,symbol,open,high,low,close,volume in any order, with a header", Arity = ArgumentArity.OneOrMore };

    public static Command Create() => CommandRunner.Create(
        "ingest",
        "Add and correct bars from CSV files. Idempotent.",
        [SettingOptions.Data, SettingOptions.Market, SettingOptions.Markets],
        [Files, SettingOptions.OfCluster, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var market = Composition.Market(context.Settings);
        await using var bars = await DataPlace.Of(context).OpenBarsAsync(context.Cancellation).ConfigureAwait(false);
        var importer = new BarImporter(bars.Store, market);
        foreach (var file in context.Line.GetValue(Files)!)
        {
            var report = await ImportAsync(importer, file.FullName, context.Cancellation).ConfigureAwait(false);
            Print(file.Name, report, context.Json);
        }
        return CommandRunner.Done;
    }

    private static void Print(string file, ImportReport report, bool json)
    {
        if (json)
        {
            JsonOutput.Write(writer => Write(writer, file, report));
            return;
        }
        Line(Console.Out, $"{file}: {report.Bars.Added} new, {report.Bars.Changed} changed, {report.Bars.Unchanged} unchanged, {report.Rejected} rejected, in {report.Elapsed.TotalSeconds:0.00} s");
        if (report.IgnoredColumns.Count > 0) Line(Console.Error, $"  ignored columns: {string.Join(", ", report.IgnoredColumns)}");
        foreach (var row in report.FirstRejected.Take(10)) Line(Console.Error, $"  line {row.Line}: {row.Reason}");
        if (report.Rejected > 10) Line(Console.Error, $"  … and {report.Rejected - 10} more");
        if (report.RejectedFile is { } path) Line(Console.Error, $"  rejected rows are in {path}");
        if (report.RejectedFileProblem is { } problem) Line(Console.Error, $"  the rejected rows could not be written: {problem}");
    }

    private static void Write(Utf8JsonWriter json, string file, ImportReport report)
    {
        json.WriteStartObject();
        json.WriteString("file", file);
        json.WriteNumber("added", report.Bars.Added);
        json.WriteNumber("changed", report.Bars.Changed);
        json.WriteNumber("unchanged", report.Bars.Unchanged);
        json.WriteNumber("rejected", report.Rejected);
        json.WriteString("rejected_file", report.RejectedFile);
        json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
        json.WriteEndObject();
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static async Task<ImportReport> ImportAsync(BarImporter importer, string path, CancellationToken cancellation)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        if (Console.IsErrorRedirected) return await importer.ImportFileAsync(path, null, cancellation).ConfigureAwait(false);

        return await terminal.Progress().AutoClear(true).StartAsync(async display =>
        {
            var task = display.AddTask(Path.GetFileName(path));
            var progress = new DirectProgress(done => task.Value = done.TotalBytes == 0 ? 100 : 100.0 * done.BytesRead / done.TotalBytes);
            return await importer.ImportFileAsync(path, progress, cancellation).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    // Progress<T> posts to the thread pool, where a late report would move the bar back.
    private sealed class DirectProgress(Action<ImportProgress> report) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => report(value);
    }
}
