using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Trm.Core.Telemetry;
using Trm.Gateway.Access;
using Trm.Gateway.Connections;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Rest;

/// <summary>Is it alive, should it get traffic, and how is it doing.</summary>
internal static class HealthEndpoints
{
    /// <summary>Of this program.</summary>
    public static readonly string Version =
        typeof(HealthEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("").WithTags("Health");
        health.MapGet("/health/live", () => new LiveBody("live")).AllowAnonymous()
            .WithName("Live").WithSummary("The process answers; says nothing of what it depends on");
        health.MapGet("/health/ready", ReadyAsync).AllowAnonymous()
            .WithName("Ready").WithSummary("Every readiness check is well, or 503 with what is not")
            .Produces<ReadyBody>().ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        health.MapGet("/api/health", HealthAsync)
            .WithName("Health").WithSummary("Markets, connections, messages to clients and snapshot-to-socket latency of this process")
            .WithDescription("status is ok, starting (a market has no prediction yet) or degraded (a readiness check is not well). Durations as their names say; messages and latencies since the process started.");
    }

    private static async Task<IResult> ReadyAsync(ClaimsPrincipal user, IEnumerable<IReadinessCheck> checks, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        var results = Readiness.For(user, await Readiness.CheckAsync(checks, lifetime, cancellation));
        return Readiness.Faults(results) is { } faults
            ? Problems.Of(StatusCodes.Status503ServiceUnavailable, "not_ready", faults)
            : Results.Ok(new ReadyBody("ready", results));
    }

    private static async Task<HealthBody> HealthAsync(
        VisibleFeed feed, IEnumerable<IReadinessCheck> checks, ConnectionRegistry connections, Housekeeper housekeeper, TimeProvider time, CancellationToken cancellation)
    {
        var markets = new List<MarketHealthBody>();
        foreach (var market in feed.Markets)
        {
            var head = await feed.HeadAsync(market.Id, cancellation);
            var made = head.Latest?.Timestamp;
            markets.Add(new MarketHealthBody(
                market.Id, head.Epoch, head.Sequence, made is { } at ? WireTime.Text(at) : null, made is { } then ? Math.Max(0, (time.GetUtcNow() - then).TotalSeconds) : null));
        }
        var isWell = (await Readiness.CheckAsync(checks, cancellation)).All(c => c.Ok);
        var status = !isWell ? "degraded" : markets.Any(m => m.Sequence == 0) ? "starting" : "ok";
        var latency = TrmTelemetry.SnapshotToSocketLatency;
        return new HealthBody(
            status, Version, housekeeper.Uptime.TotalSeconds, markets,
            new ConnectionsBody(connections.Count, connections.CountOf("websocket"), connections.CountOf("sse")),
            new MessagesBody(MessageCount.SentTotal, MessageCount.ConflatedTotal, MessageCount.DroppedTotal),
            new LatencyBody(latency.Count, latency.Percentile(0.5).TotalMilliseconds, latency.Percentile(0.99).TotalMilliseconds, latency.Max.TotalMilliseconds));
    }
}
