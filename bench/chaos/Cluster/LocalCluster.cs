using System.Globalization;
using System.Text.Json;
using Trm.Core;

namespace Trm.Bench.Chaos.Cluster;

/// <summary>The cluster under test.</summary>
/// <param name="trm">Runs its commands.</param>
/// <param name="launcher">Of the checkout, whose markets are copied.</param>
/// <param name="data">Its data folder.</param>
internal sealed class LocalCluster(TrmCommand trm, string launcher, string data)
{
    private IReadOnlyList<NodeView> nodes = [];

    public TrmCommand Trm => trm;

    /// <summary>As they were at the last refresh.</summary>
    public IReadOnlyList<NodeView> Nodes => nodes;

    /// <summary>Where the gateways answer.</summary>
    public IReadOnlyList<Uri> Gateways => [.. nodes.Where(n => n.Role == "gateway").Select(n => new Uri(n.Urls[0]))];

    /// <summary>The database's connection string, from <c>cluster.json</c>.</summary>
    public string Connection
    {
        get
        {
            using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(data, "cluster", "cluster.json")));
            return file.RootElement.GetProperty("environment").GetProperty("TRM__CLUSTER__CONNECTION").GetString()!;
        }
    }

    /// <summary>Starts everything and waits until it is ready.</summary>
    public async Task UpAsync(ChaosPlan plan, CancellationToken cancellation)
    {
        var markets = Path.Combine(data, "markets");
        MarketFolder.Write(Path.Combine(Path.GetDirectoryName(launcher)!, "markets", "us-equities.json"), markets, plan.Markets);
        string[] port = plan.Port is { } first ? ["--port", Text(first)] : [];
        await trm.RunAsync(
            [
                "up", "--silos", Text(plan.Silos), "--gateways", Text(plan.Gateways), "--markets", markets, "--market", "*", "--source", "simulated",
                "--interval", plan.Interval.ToString("R", CultureInfo.InvariantCulture), .. port, .. plan.UpArguments,
            ],
            cancellation).ConfigureAwait(false);
        await RefreshAsync(cancellation).ConfigureAwait(false);
    }

    public Task DownAsync() => trm.RunAsync(["down"], CancellationToken.None);

    /// <summary>Looks how the nodes are.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var lines = await trm.RunAsync(["status", "--json"], cancellation).ConfigureAwait(false);
        nodes = [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(NodeView.Parse)];
    }

    /// <summary>The process of a node.</summary>
    /// <exception cref="TrmException">It has none.</exception>
    public int PidOf(string name) => nodes.FirstOrDefault(n => n.Name == name) is { Pid: { } pid }
        ? pid
        : throw new TrmException("no_process", $"{name} has no process; 'trm cluster status --data {data}' shows how it is");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
