using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Core.Predictions;

namespace Trm.Cli.Benchmarks.Inference.Report;

/// <summary>Everything that a run found out.</summary>
internal sealed record InferenceReport
{
    /// <summary>When the run began.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>How long it took, start of the peers included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Rounds that were run.</summary>
    public required int Rounds { get; init; }

    /// <summary>Where.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Which model.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>What one of its predictions takes at least.</summary>
    public required ModelWork Work { get; init; }

    /// <summary>What one core can do.</summary>
    public required IReadOnlyList<FormatFloor> Floors { get; init; }

    /// <summary>By threads, batch and contestant.</summary>
    public required IReadOnlyList<CellResult> Results { get; init; }

    /// <summary>Peers that are not in the results, or not with all rounds.</summary>
    public required IReadOnlyList<Dropout> Dropouts { get; init; }
}
