using System.Text.Json;

namespace Trm.Cli.Cluster;

/// <summary>
/// <c>prometheus.json</c>: where the nodes of a cluster show their metrics, as Prometheus' <c>file_sd_configs</c> reads it
/// (<c>deploy/prometheus/local.yml</c>). Nodes keep their ports, so it is written when the cluster is laid out.
/// </summary>
internal static class PrometheusTargets
{
    public static void Write(string path, ClusterFile file) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(
        file.Nodes.Where(node => node.Role != NodeRole.Postgres).Select(node => new
        {
            targets = new[] { new Uri(node.Urls[0]).Authority },
            labels = new { job = node.Role == NodeRole.Silo ? "trm-silo" : "trm-gateway", node = node.Name },
        })));
}
