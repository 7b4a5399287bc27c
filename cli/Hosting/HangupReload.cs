using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Gateway.Models;

namespace Trm.Cli.Hosting;

/// <summary>SIGHUP reloads the model, as operators of Unix services expect. Windows has no such custom.</summary>
internal sealed class HangupReload(
    IModelReloader reloader, IPredictor predictor, IHostApplicationLifetime lifetime, ILogger<HangupReload> logger)
    : IHostedService, IDisposable
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
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The service goes away.
        }
        catch (TrmException error)
        {
            logger.ModelNotReloaded(predictor.Model.Version, error.Code, error.Message, null);
        }
        catch (Exception error)
        {
            // Nothing that a file can hold should end here; if something does, its stack is needed, and the service goes on.
            logger.ModelNotReloaded(predictor.Model.Version, "internal_error", error.Message, error);
        }
    }
}
