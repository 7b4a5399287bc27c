using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Trm.Core.Telemetry;

namespace Trm.Cli.Hosting;

/// <summary>
/// Sends traces and metrics by OTLP when the standard <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or its traces and metrics
/// forms) is set. Otherwise nothing listens, and spans and metrics cost next to nothing.
/// </summary>
internal sealed class TelemetryExport(IConfiguration configuration) : IHostedService, IDisposable
{
    private TracerProvider? traces;
    private MeterProvider? metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("trm").AddEnvironmentVariableDetector();
        if (IsSet("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))
            traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(TrmTelemetry.Name).AddOtlpExporter().Build();
        if (IsSet("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"))
            metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(TrmTelemetry.Name).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        traces?.Dispose();
        metrics?.Dispose();
        (traces, metrics) = (null, null);
    }

    private bool IsSet(string signal) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || !string.IsNullOrEmpty(configuration[signal]);
}
