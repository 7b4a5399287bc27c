using System.CommandLine;
using Trm.Cli.Hosting;
using Trm.Cli.Settings;
using Trm.Gateway.Access;
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
        var configuration = KeysPlace.Into(context.Configuration, context.Settings);
        BindingRules.Check(context.Settings.Urls, context.Settings.AllowAnonymous || AccessOptions.Read(configuration).IsControlled, configuration);
        await using var host = await OneProcessHost.CreateAsync(configuration, context.Settings, context.Cancellation).ConfigureAwait(false);
        await host.RunAsync(context.Cancellation).ConfigureAwait(false);
        return CommandRunner.Done;
    }
}
