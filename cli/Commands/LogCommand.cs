using System.CommandLine;
using Trm.Cli.Hosting;
using Trm.Cli.Settings;
using Trm.Core;

namespace Trm.Cli.Commands;

/// <summary><c>trm log new-epoch</c>: what has to be done to a prediction log by hand.</summary>
internal static class LogCommand
{
    public static Command Create() => new("log", "Look after the prediction log.")
    {
        CommandRunner.Create(
            "new-epoch",
            "After a restore from a backup, before the service starts: give every market's log a new epoch. Predictions stay; clients that resume start from the latest.",
            [SettingOptions.Data], [SettingOptions.OfCluster], NewEpochAsync),
    };

    private static async Task<int> NewEpochAsync(CommandContext context)
    {
        var place = DataPlace.Of(context);
        place.RequireExisting();
        // Of a database the silos are writers too; they open the log again when it refuses their epoch.
        using var writer = place.Connection is null ? TakeFolder(context.Settings.Data) : null;
        await using var log = await place.OpenLogAsync(context.Cancellation).ConfigureAwait(false);
        var markets = await log.Store.RenewEpochsAsync(context.Cancellation).ConfigureAwait(false);
        if (markets.Count == 0) throw new TrmException("no_log", $"there is no prediction log in {place.Name}; put the backup in its place first");
        foreach (var market in markets)
        {
            var head = await log.Store.OpenAsync(market, context.Cancellation).ConfigureAwait(false);
            await Console.Out.WriteLineAsync($"{market}: epoch {head.Epoch}, {head.Sequence} predictions").ConfigureAwait(false);
        }
        return CommandRunner.Done;
    }

    private static FolderLock TakeFolder(string folder) => FolderLock.TryTake(folder, FolderLock.OfPredictions) ?? throw new TrmException(
        "data_in_use", $"a trm writes predictions to {Path.GetFullPath(folder)}; stop it first");
}
