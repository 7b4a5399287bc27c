using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Trm.Gateway.Models;

namespace Trm.Cli.Hosting;

/// <summary>SIGHUP reloads the model, as operators of Unix services expect. Windows has no such custom.</summary>
internal sealed class HangupReload(IModelReloader reloader, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private PosixSignalRegistration? registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows()) registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangup);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => registration?.Dispose();

    private void OnHangup(PosixSignalContext context)
    {
        context.Cancel = true; // Without it the process ends.
        _ = ReloadAsync();
    }

    private async Task ReloadAsync()
    {
        try
        {
            await reloader.ReloadAsync(lifetime.ApplicationStopping).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Logged by the reloader; nobody else asked.
        }
    }
}
