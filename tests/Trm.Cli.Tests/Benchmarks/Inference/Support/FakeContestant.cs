using Trm.Cli.Benchmarks.Inference;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Peers;

namespace Trm.Cli.Tests.Benchmarks.Inference.Support;

/// <summary>Answers at once with times of its own making, and writes down when it was its turn.</summary>
internal sealed class FakeContestant(string name, double seconds, List<string> turns) : IContestant
{
    /// <summary>The turn that it dies in, counted from 1.</summary>
    public int DiesAt { get; init; } = int.MaxValue;

    /// <summary>What happens at each turn besides.</summary>
    public Action OnTurn { get; init; } = () => { };

    public int Turns { get; private set; }

    public string Name => name;

    public string Version => "1";

    public WeightFormat Format { get; init; } = WeightFormat.Fp32;

    public bool Plays(int threads) => threads <= 2;

    public Task<Slot> RunAsync(BenchInputs inputs, int batch, int threads, int repeats, CancellationToken cancellation)
    {
        if (++Turns >= DiesAt) throw new PeerException("it is dead");
        OnTurn();
        turns.Add($"{name} {batch}x{threads}");
        var answers = new float[batch * BenchInputs.AnswerWidth];
        return Task.FromResult(new Slot([.. Enumerable.Repeat(seconds * batch, repeats)], 1 / seconds, answers));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
