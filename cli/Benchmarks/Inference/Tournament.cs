using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Peers;
using Trm.Cli.Benchmarks.Inference.Reference;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>
/// The rounds. In each, every contestant gets a short turn at every batch size and number of threads, those who are compared
/// directly after one another: a machine that is slower for a minute is so for all of them. Who begins changes from round to
/// round.
/// </summary>
internal sealed class Tournament(
    IReadOnlyList<IContestant> contestants, InferencePlan plan, BenchInputs inputs, ReferenceAnswers reference, MachineGauge gauge, TimeProvider time)
{
    private readonly List<Dropout> dropouts = [];
    private readonly HashSet<IContestant> gone = [];

    /// <summary>Batch sizes and threads in the order of the plan, contestants within.</summary>
    public IReadOnlyList<Cell> Cells { get; } =
    [
        .. from threads in plan.Threads
           from batch in plan.Batches
           from contestant in contestants
           where contestant.Plays(threads)
           select new Cell(contestant, batch, threads, plan.Turn),
    ];

    /// <summary>Peers that went away while they were measured.</summary>
    public IReadOnlyList<Dropout> Dropouts => dropouts;

    /// <summary>Rounds that were run.</summary>
    public int Rounds { get; private set; }

    /// <summary>Runs until the plan's rounds are done or its time is over.</summary>
    public async Task RunAsync(IProgress<int> progress, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        await WarmUpAsync(cancellation).ConfigureAwait(false);
        while (Rounds < plan.Rounds && (Rounds == 0 || time.GetElapsedTime(start) < plan.Budget))
        {
            gauge.Measure();
            foreach (var group in Cells.GroupBy(c => (c.Batch, c.Threads)))
            {
                foreach (var cell in Rotated([.. group], Rounds)) await TakeTurnAsync(cell, cancellation).ConfigureAwait(false);
            }
            progress.Report(++Rounds);
        }
    }

    // Untimed: compiles what is compiled at its first calls, and finds out how many calls fill a turn.
    private async Task WarmUpAsync(CancellationToken cancellation)
    {
        gauge.Measure();
        foreach (var cell in Cells)
        {
            if (await RunAsync(cell, cancellation).ConfigureAwait(false) is not { } first) continue;
            cell.Calibrate(first);
            // The first call may have compiled; where several fit into a turn, the second time says how many.
            if (cell.Repeats > 1 && await RunAsync(cell, cancellation).ConfigureAwait(false) is { } second) cell.Calibrate(second);
        }
    }

    private async Task TakeTurnAsync(Cell cell, CancellationToken cancellation)
    {
        if (await RunAsync(cell, cancellation).ConfigureAwait(false) is { } slot) cell.Add(slot, reference.Of(slot.Answers, cell.Batch));
    }

    private async Task<Slot?> RunAsync(Cell cell, CancellationToken cancellation)
    {
        if (gone.Contains(cell.Contestant)) return null;
        try
        {
            return await cell.Contestant.RunAsync(inputs, cell.Batch, cell.Threads, cell.Repeats, cancellation).ConfigureAwait(false);
        }
        catch (PeerException error)
        {
            gone.Add(cell.Contestant);
            dropouts.Add(new Dropout(cell.Contestant.Name, $"stopped in round {Rounds + 1} (batch {cell.Batch}, {cell.Threads} threads): {error.Message}"));
            return null;
        }
    }

    private static IEnumerable<Cell> Rotated(Cell[] cells, int by) => cells.Select((_, i) => cells[(i + by) % cells.Length]);
}
