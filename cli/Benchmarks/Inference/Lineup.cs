using System.Globalization;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Peers;
using Trm.Hosting;
using Trm.Inference;
using Trm.Inference.Engine;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>Who is measured: the engines of this process, and those peers that are there.</summary>
internal static class Lineup
{
    /// <summary>The peer that the others' times are divided by.</summary>
    public const string Yardstick = "ONNX Runtime fp32, hoisted";

    private static readonly Peer[] AllPeers =
    [
        new("onnx-hoisted", Yardstick, WeightFormat.Fp32, (where, threads) => where.Onnx("hoisted", "fp32", threads)),
        new("onnx-naive", "ONNX Runtime fp32, naive", WeightFormat.Fp32, (where, threads) => where.Onnx("naive", "fp32", threads)),
        new("onnx-int8", "ONNX Runtime int8 dynamic, hoisted", WeightFormat.Int8, (where, threads) => where.Onnx("hoisted", "int8", threads)),
        new("pytorch", "PyTorch fp32", WeightFormat.Fp32, (where, threads) => where.PyTorch(threads)),
    ];

    /// <summary>The ids that <c>--peers</c> takes besides all and none.</summary>
    public static IReadOnlyList<string> PeerIds { get; } = [.. AllPeers.Select(p => p.Id)];

    /// <summary>The engines, each made anew from the model.</summary>
    public static IEnumerable<IContestant> Engines(TrmModel model) =>
    [
        new EngineContestant("managed fp32", WeightFormat.Fp32, threads => ManagedEngines.Create(model, Precision.Fp32, threads)),
        new EngineContestant("managed int16", WeightFormat.Int16, threads => ManagedEngines.Create(model, Precision.Int16, threads)),
    ];

    /// <summary>Starts the peers that were asked for; one that does not come is a line in <paramref name="dropouts"/>.</summary>
    /// <exception cref="UsageException">No peer has that id.</exception>
    public static async Task<IReadOnlyList<IContestant>> PeersAsync(
        string asked, PeerLocations where, IReadOnlyList<int> threads, List<Dropout> dropouts, TimeProvider time, CancellationToken cancellation)
    {
        var contestants = new List<IContestant>();
        foreach (var peer in Chosen(asked))
        {
            var processes = new Dictionary<int, PeerProcess>();
            foreach (var count in threads)
            {
                try
                {
                    processes[count] = await PeerProcess.StartAsync(peer.Command(where, count), time, cancellation).ConfigureAwait(false);
                }
                catch (PeerException error)
                {
                    dropouts.Add(new Dropout(peer.Name, error.Message));
                    break; // For the same reason it would not come with another number of threads.
                }
            }
            if (processes.Count > 0) contestants.Add(new PeerContestant(peer.Name, peer.Format, processes));
        }
        return contestants;
    }

    private static IEnumerable<Peer> Chosen(string asked)
    {
        if (asked == "all") return AllPeers;
        if (asked == "none") return [];
        var ids = asked.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (ids.Length == 0 || ids.Except(PeerIds).Any())
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--peers {asked} is not all, none or a list of {string.Join(", ", PeerIds)}"));
        return AllPeers.Where(p => ids.Contains(p.Id));
    }

    private sealed record Peer(string Id, string Name, WeightFormat Format, Func<PeerLocations, int, PeerCommand> Command);
}
