using Trm.Cli.Benchmarks.Inference.Reference;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>One contestant at one batch size and number of threads, and what it did so far.</summary>
internal sealed class Cell(IContestant contestant, int batch, int threads, TimeSpan turn)
{
    private const int MostRepeats = 100;

    private double quickest = double.MaxValue;

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

    /// <summary>
    /// Makes turns about as long as they shall be, by the quickest call so far: one that a neighbour held up would leave a
    /// single call a turn for the whole run.
    /// </summary>
    public void Calibrate(Slot slot)
    {
        quickest = Math.Min(quickest, slot.Seconds.Min());
        Repeats = (int)Math.Clamp(turn.TotalSeconds / quickest, 1, MostRepeats);
    }

    /// <summary>Takes what a turn gave.</summary>
    public void Add(Slot slot, AnswerError error)
    {
        Calibrate(slot);
        Timings.Add(slot.Seconds);
        PredictionsPerSecond = Math.Max(PredictionsPerSecond, slot.PredictionsPerSecond);
        Error = Error.Or(error);
    }
}
