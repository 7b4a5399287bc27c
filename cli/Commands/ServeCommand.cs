using System.CommandLine;
using Trm.Cli.Hosting;
using Trm.Cli.Settings;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary><c>trm serve</c>: pipeline, gateway and store in one process.</summary>
internal static class ServeCommand
{
    public static Command Create() => CommandRunner.Create(
        "serve",
        "Make predictions and serve them by WebSocket, SSE and REST.",
        [
            SettingOptions.Urls, SettingOptions.Source, SettingOptions.From, SettingOptions.To, SettingOptions.Interval, SettingOptions.Seed,
            SettingOptions.Data, SettingOptions.Market, SettingOptions.Markets, .. SettingOptions.OfModel, SettingOptions.Precision, SettingOptions.Threads,
        ],
        [SettingOptions.Restart, SettingOptions.AllowAnonymous],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        BindingRules.Check(context.Settings.Urls, context.Settings.AllowAnonymous, context.Configuration);
        await using var host = await OneProcessHost.CreateAsync(context.Configuration, context.Settings, context.Cancellation).ConfigureAwait(false);
        await host.RunAsync(context.Cancellation).ConfigureAwait(false);
        return CommandRunner.Done;
    }
}
