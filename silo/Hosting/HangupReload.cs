using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Inference.Lifecycle;

namespace Trm.Silo.Hosting;

/// <summary>SIGHUP reloads this silo's model. Each silo has its own; a cluster is moved to a new model one silo at a time.</summary>
internal sealed class HangupReload(ReloadablePredictor predictor, ILogger<HangupReload> logger) : IHostedService, IDisposable
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
        var old = predictor.Model.Version;
        try
        {
            var model = await predictor.ReloadAsync().ConfigureAwait(false);
            Log.ModelReloaded(logger, model.Version, string.Join(", ", predictor.EngineNames), old);
        }
        catch (TrmException error)
        {
            Log.ModelNotReloaded(logger, old, error.Code, error.Message, null);
        }
        catch (Exception error)
        {
            Log.ModelNotReloaded(logger, old, "internal_error", error.Message, error);
        }
    }
}
