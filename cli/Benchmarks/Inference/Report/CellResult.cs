using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Reference;

namespace Trm.Cli.Benchmarks.Inference.Report;

/// <summary>One contestant at one batch size and number of threads.</summary>
internal sealed record CellResult
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What exactly ran.</summary>
    public required string Version { get; init; }

    /// <summary>The format of its weights.</summary>
    public required WeightFormat Format { get; init; }

    /// <summary>Rows of a call.</summary>
    public required int Batch { get; init; }

    /// <summary>Threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Calls that were timed.</summary>
    public required int Calls { get; init; }

    /// <summary>Seconds of the quickest call.</summary>
    public required double Minimum { get; init; }

    /// <summary>Seconds of the median call.</summary>
    public required double Median { get; init; }

    /// <summary>Seconds that 99 of 100 calls do not exceed.</summary>
    public required double P99 { get; init; }

    /// <summary>Rows a second: of the quickest call, or of the best turn where several call at the same time.</summary>
    public required double PredictionsPerSecond { get; init; }

    /// <summary>Largest differences from the reference.</summary>
    public required AnswerError Error { get; init; }

    /// <summary>Its quickest call by the yardstick's; below 1 is faster. Null without the yardstick.</summary>
    public double? LatencyToYardstick { get; init; }

    /// <summary>Its predictions a second by the yardstick's; above 1 is faster. Null without the yardstick.</summary>
    public double? ThroughputToYardstick { get; init; }

    /// <summary>Its time for a prediction by the least that this machine allows; null where that was not measured.</summary>
    public double? ToFloor { get; init; }

    /// <summary>The results of the cells that have some, each beside the yardstick at the same batch and threads.</summary>
    public static IReadOnlyList<CellResult> Of(IReadOnlyList<Cell> cells, ModelWork work, Func<WeightFormat, FormatFloor?> floors)
    {
        var measured = cells.Where(c => c.Timings.Count > 0).ToList();
        return [.. measured.Select(cell => Of(cell, Yardstick(measured, cell), work, floors(cell.Contestant.Format)))];
    }

    private static Cell? Yardstick(List<Cell> cells, Cell beside) =>
        cells.SingleOrDefault(c => c.Contestant.Name == Lineup.Yardstick && c.Batch == beside.Batch && c.Threads == beside.Threads);

    private static CellResult Of(Cell cell, Cell? yardstick, ModelWork work, FormatFloor? floor) => new()
    {
        Name = cell.Contestant.Name,
        Version = cell.Contestant.Version,
        Format = cell.Contestant.Format,
        Batch = cell.Batch,
        Threads = cell.Threads,
        Calls = cell.Timings.Count,
        Minimum = cell.Timings.Minimum,
        Median = cell.Timings.Median,
        P99 = cell.Timings.P99,
        PredictionsPerSecond = cell.PredictionsPerSecond,
        Error = cell.Error,
        LatencyToYardstick = cell.Timings.Minimum / yardstick?.Timings.Minimum,
        ThroughputToYardstick = cell.PredictionsPerSecond / yardstick?.PredictionsPerSecond,
        ToFloor = cell.Batch / cell.PredictionsPerSecond / floor?.Seconds(work, cell.Batch, cell.Threads),
    };
}
