using System.Text.Json;

namespace Trm.Bench.Chaos.Verdicts;

/// <summary>A gateway's own histogram of snapshot to socket, since it started.</summary>
internal sealed record GatewayHealth(string Url, long Count, double P50Ms, double P99Ms, double MaxMs)
{
    /// <summary>Asks a gateway; null when it does not answer.</summary>
    public static async Task<GatewayHealth?> TryReadAsync(HttpClient http, Uri gateway, CancellationToken cancellation)
    {
        try
        {
            using var health = JsonDocument.Parse(await http.GetStringAsync(new Uri(gateway, "/api/health"), cancellation).ConfigureAwait(false));
            var latency = health.RootElement.GetProperty("snapshot_to_socket");
            return new GatewayHealth(
                gateway.ToString(), latency.GetProperty("count").GetInt64(), latency.GetProperty("p50_ms").GetDouble(),
                latency.GetProperty("p99_ms").GetDouble(), latency.GetProperty("max_ms").GetDouble());
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
