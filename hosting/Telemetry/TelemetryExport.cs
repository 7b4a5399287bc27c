using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Trm.Core.Telemetry;

namespace Trm.Hosting.Telemetry;

/// <summary>
/// What every program of the service says of itself, the same for all of them. Traces and metrics go out by OTLP when the standard
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> (or its traces and metrics forms) is set, and metrics are at <c>/metrics</c> for Prometheus
/// with <c>Trm:Telemetry:Prometheus</c>. Otherwise nothing listens, and spans and metrics cost next to nothing. Sampling is
/// <c>OTEL_TRACES_SAMPLER</c>. Orleans' own spans come with <c>Trm:Telemetry:Orleans</c>: they are many.
/// </summary>
internal sealed class TelemetryExport : IHostedService, IDisposable
{
    /// <summary>Where Prometheus finds the metrics.</summary>
    public const string MetricsPath = "/metrics";

    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

    private readonly bool isScraped;
    private TracerProvider? traces;
    private MeterProvider? metrics;

    private TelemetryExport(IConfiguration configuration, string service)
    {
        isScraped = configuration.GetValue<bool>("Trm:Telemetry:Prometheus");
        var isSent = IsSent(configuration, MetricsEndpoint);
        // Nothing of OpenTelemetry is loaded where nobody listens.
        if (IsSent(configuration, TracesEndpoint)) traces = Traces(configuration, service);
        if (isScraped || isSent) metrics = Metrics(configuration, service, isSent);
    }

    /// <summary>Turns on what the configuration asks for.</summary>
    /// <param name="builder">The program's host.</param>
    /// <param name="service">Its <c>service.name</c>; <c>OTEL_SERVICE_NAME</c> goes before it.</param>
    public static void Add(IHostApplicationBuilder builder, string service)
    {
        builder.Services.AddSingleton(new TelemetryExport(builder.Configuration, service));
        builder.Services.AddHostedService(provider => provider.GetRequiredService<TelemetryExport>());
    }

    /// <summary>Maps <see cref="MetricsPath"/> when it is asked for.</summary>
    /// <returns>The route, for its access to be said; null when there is none.</returns>
    public static IEndpointConventionBuilder? Map(WebApplication app)
    {
        var export = app.Services.GetRequiredService<TelemetryExport>();
        return export.isScraped ? app.MapPrometheusScrapingEndpoint(MetricsPath, export.metrics, configureBranchedPipeline: null, optionsName: null) : null;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // What is still on its way goes out before the process ends.
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

    private static ResourceBuilder Resource(string service) => ResourceBuilder.CreateDefault().AddService(service).AddEnvironmentVariableDetector();

    private static TracerProvider Traces(IConfiguration configuration, string service)
    {
        var builder = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource(service)).AddSource(TrmTelemetry.Name);
        if (configuration.GetValue<bool>("Trm:Telemetry:Orleans")) builder.AddSource("Microsoft.Orleans.*");
        return builder.AddOtlpExporter(exporter => SendTo(exporter, configuration[TracesEndpoint])).Build();
    }

    // Beside our own: Orleans, the database's connections, and the runtime's processor, memory and collections.
    private MeterProvider Metrics(IConfiguration configuration, string service, bool isSent)
    {
        var builder = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource(service))
            .AddMeter(TrmTelemetry.Name, "Microsoft.Orleans", "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel");
        if (isSent) builder.AddOtlpExporter(exporter => SendTo(exporter, configuration[MetricsEndpoint]));
        if (isScraped) builder.AddPrometheusExporter();
        return builder.Build();
    }

    // The exporter of one signal reads by itself what is for all of them, and not what is for its own.
    private static void SendTo(OtlpExporterOptions exporter, string? endpoint)
    {
        if (!string.IsNullOrEmpty(endpoint)) exporter.Endpoint = new Uri(endpoint);
    }

    private static bool IsSent(IConfiguration configuration, string signal) =>
        !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || !string.IsNullOrEmpty(configuration[signal]);
}
