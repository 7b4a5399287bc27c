using Trm.Cli.Benchmarks.Inference.Machine;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>What is measured: an engine in this process, or a peer in one of its own.</summary>
internal interface IContestant : IAsyncDisposable
{
    /// <summary>Its name in the table.</summary>
    string Name { get; }

    /// <summary>What exactly ran: the engine's own name, the peer's version.</summary>
    string Version { get; }

    /// <summary>The format that its floor is of.</summary>
    WeightFormat Format { get; }

    /// <summary>Whether it runs with this many threads.</summary>
    bool Plays(int threads);

    /// <summary>Predicts the first <paramref name="batch"/> inputs once untimed, then <paramref name="repeats"/> times.</summary>
    /// <exception cref="Peers.PeerException">The peer is gone or does not keep to the protocol.</exception>
    Task<Slot> RunAsync(BenchInputs inputs, int batch, int threads, int repeats, CancellationToken cancellation);
}
