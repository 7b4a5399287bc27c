using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trm.Inference.Checkpoints;

namespace Trm.Tests.Telemetry;

/// <summary>Takes what programs send by OTLP over HTTP. The numbers of fields are those of <c>opentelemetry-proto</c>.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<OtlpSpan> spans = [];
    private readonly ConcurrentDictionary<string, string> units = new();
    private readonly WebApplication app;
    private volatile TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>
    /// A setting with which a prediction never runs at once on its caller's thread, so that each has a span of its wait.
    /// </summary>
    public static (string Name, string Value) EveryPredictionWaits => ("TRM__BATCHING__MAXQUEUEDELAY", "00:00:00.001");

    /// <summary>Unit of each metric that came, by its name.</summary>
    public IReadOnlyDictionary<string, string> Units => units;

    /// <summary>What a program needs in its environment to send here, and soon.</summary>
    public IEnumerable<(string Name, string Value)> Environment => [("OTEL_EXPORTER_OTLP_ENDPOINT", Address), .. Manner];

    /// <summary>The same for a program that sends traces only.</summary>
    public IEnumerable<(string Name, string Value)> TracesEnvironment => [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", $"{Address}/v1/traces"), .. Manner];

    private string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static IEnumerable<(string Name, string Value)> Manner =>
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/v1/traces", request => receiver.TakeAsync(request, receiver.TakeSpans));
        receiver.app.MapPost("/v1/metrics", request => receiver.TakeAsync(request, receiver.TakeMetrics));
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <summary>The first trace with a span of each name that is one of those sought, its spans in the order they started.</summary>
    public async Task<IReadOnlyList<OtlpSpan>> TraceAsync(IReadOnlyCollection<string> names, CancellationToken cancellation, Func<IReadOnlyList<OtlpSpan>, bool>? isSought = null)
    {
        while (true)
        {
            var next = news.Task;
            var whole = spans.GroupBy(span => span.TraceId).Where(trace => names.All(name => trace.Any(span => span.Name == name)));
            if (whole.Select(trace => trace.OrderBy(span => span.Started).ToList()).FirstOrDefault(trace => isSought?.Invoke(trace) != false) is { } found) return found;
            await next.WaitAsync(cancellation);
        }
    }

    /// <summary>Completes when every one of these metrics has come.</summary>
    public async Task MetricsAsync(IReadOnlyCollection<string> names, CancellationToken cancellation)
    {
        while (true)
        {
            var next = news.Task;
            if (names.All(units.ContainsKey)) return;
            await next.WaitAsync(cancellation);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task TakeAsync(HttpContext context, Action<ProtobufReader> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        take(new ProtobufReader(body.ToArray()));
        var told = news;
        news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        told.TrySetResult();
    }

    private void TakeSpans(ProtobufReader request)
    {
        foreach (var resource in request.Messages(1))
        {
            var attributes = resource.Message(1).Messages(1).ToDictionary(pair => pair.Text(1), pair => pair.Message(2));
            var service = attributes["service.name"].Text(1);
            var instance = attributes["service.instance.id"].Text(1);
            foreach (var span in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                spans.Enqueue(new OtlpSpan(
                    service, instance, span.Text(5), Hex(span, 1), Hex(span, 2), span.Has(4) ? Hex(span, 4) : "", (ulong)span.Integer(7), [.. span.Messages(13).Select(link => Hex(link, 1))]));
            }
        }
    }

    private void TakeMetrics(ProtobufReader request)
    {
        foreach (var metric in request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
            units[metric.Text(1)] = metric.Has(3) ? metric.Text(3) : "";
    }

    private static string Hex(ProtobufReader message, int field) => Convert.ToHexStringLower(message.Bytes(field).Span);
}
