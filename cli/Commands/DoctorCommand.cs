using System.CommandLine;
using Trm.Cli.Doctor;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary><c>trm doctor</c>: looks at everything that the service needs, and says what to do.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> OfCluster = new("--cluster") { Description = "Look at the cluster in --data; without it only where there is one" };

    public static Command Create() => CommandRunner.Create(
        "doctor",
        "Check model, store, bars, ports, clock, disk and the rest; exit 1 when something does not work.",
        [SettingOptions.Data, SettingOptions.Market, SettingOptions.Markets, .. SettingOptions.OfModel, SettingOptions.Source, SettingOptions.Interval, SettingOptions.Urls],
        [OfCluster, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var ofCluster = context.Line.GetValue(OfCluster);
        if (ofCluster && PostgresConnection.TryParse(context.Settings.Data) is not null)
            throw new UsageException("--cluster looks at the cluster whose folder --data names, and --data names a database; leave one of the two out");

        using var checks = new DoctorChecks(context, ofCluster);
        var found = new List<(string Check, Finding Finding)>();
        await foreach (var line in new Examination(checks.Create(), CommandContext.Time).RunAsync(context.Cancellation).ConfigureAwait(false))
        {
            found.Add(line);
            if (!context.Json) FindingLines.Write(line.Check, line.Finding);
        }
        if (context.Json) FindingLines.WriteJson(found);
        else FindingLines.WriteTotals([.. found.Select(f => f.Finding)]);
        return found.Any(f => f.Finding.Verdict == Verdict.Fail) ? CommandRunner.Failed : CommandRunner.Done;
    }
}
