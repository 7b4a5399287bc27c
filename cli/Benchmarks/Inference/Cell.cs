using Trm.Cli.Benchmarks.Inference.Reference;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>One contestant at one batch size and number of threads, and what it did so far.</summary>
internal sealed class Cell(IContestant contestant, int batch, int threads)
{
    private const int MostRepeats = 100;

    public IContestant Contestant => contestant;

    public int Batch => batch;

    public int Threads => threads;

    /// <summary>Calls in a turn; set by <see cref="Calibrate"/>.</summary>
    public int Repeats { get; private set; } = 1;

    public Timings Timings { get; } = new();

    /// <summary>The best turn's rate.</summary>
    public double PredictionsPerSecond { get; private set; }

    /// <summary>The largest over all turns.</summary>
    public AnswerError Error { get; private set; }

    /// <summary>Makes turns about as long as they shall be.</summary>
    public void Calibrate(Slot slot, TimeSpan turn) =>
        Repeats = (int)Math.Clamp(turn.TotalSeconds / slot.Seconds.Min(), 1, MostRepeats);

    /// <summary>Takes what a turn gave.</summary>
    public void Add(Slot slot, AnswerError error)
    {
        Timings.Add(slot.Seconds);
        PredictionsPerSecond = Math.Max(PredictionsPerSecond, slot.PredictionsPerSecond);
        Error = Error.Or(error);
    }
}
