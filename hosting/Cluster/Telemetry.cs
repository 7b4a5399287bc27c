using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Trm.Core.Telemetry;

namespace Trm.Hosting.Cluster;

/// <summary>
/// Traces and metrics by OTLP when the standard <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or its traces and metrics forms) is set; else
/// nothing listens and next to nothing is paid. Orleans' own spans come with <c>Trm:Telemetry:Orleans</c>: they are many.
/// </summary>
internal static class Telemetry
{
    public static void Add(IHostApplicationBuilder builder, string service)
    {
        var traces = IsSet(builder.Configuration, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        var metrics = IsSet(builder.Configuration, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT");
        if (!traces && !metrics) return;

        var telemetry = builder.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(service).AddEnvironmentVariableDetector());
        if (traces)
        {
            telemetry.WithTracing(tracing =>
            {
                tracing.AddSource(TrmTelemetry.Name);
                if (builder.Configuration.GetValue<bool>("Trm:Telemetry:Orleans")) tracing.AddSource("Microsoft.Orleans.*");
                tracing.AddOtlpExporter();
            });
        }
        if (metrics) telemetry.WithMetrics(meters => meters.AddMeter(TrmTelemetry.Name, "Microsoft.Orleans").AddOtlpExporter());
    }

    private static bool IsSet(IConfiguration configuration, string signal) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || !string.IsNullOrEmpty(configuration[signal]);
}
