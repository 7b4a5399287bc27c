using Trm.Core.Drift;
using Trm.Core.Outcomes;

namespace Trm.Core.Predictions;

/// <summary>
/// The durable, append-only record of predictions. Each market has sequences 1..N without a hole or a duplicate,
/// whatever dies and when.
/// </summary>
public interface IPredictionLog
{
    /// <summary>Where a market's log stands; makes its epoch when the market is new.</summary>
    Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default);

    /// <summary>
    /// Appends; durable when it returns. A (market, epoch, sequence) that is there already is left as it is.
    /// </summary>
    /// <returns>True when it was added, false when that sequence was there already.</returns>
    /// <exception cref="SequenceGapException">The sequence is not the next one.</exception>
    /// <exception cref="EpochChangedException">The market's log has another epoch.</exception>
    Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default);

    /// <summary>A range of a market's predictions.</summary>
    Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default);

    /// <summary>Totals of a market.</summary>
    Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default);
}

/// <summary>Where a market's log stands.</summary>
/// <param name="Epoch">Made with the log.</param>
/// <param name="Latest">The last prediction; null when the log is empty.</param>
public sealed record LogHead(Guid Epoch, Prediction? Latest)
{
    /// <summary>The last sequence; 0 when the log is empty.</summary>
    public long Sequence => Latest?.Sequence ?? 0;
}

/// <summary>Which predictions to read. All limits hold at once.</summary>
public sealed record LogQuery
{
    /// <summary>The most that one read returns.</summary>
    public const int MaxLimit = 5_000;

    /// <summary>Only sequences greater than this.</summary>
    public long? After { get; init; }

    /// <summary>Only sequences less than this.</summary>
    public long? Before { get; init; }

    /// <summary>Only predictions made at or after this instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only predictions made before this instant.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>At most this many, 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>
    /// Take the newest that match rather than the oldest. Either way the result is in ascending sequence.
    /// </summary>
    public bool Newest { get; init; }
}

/// <summary>Totals of a market's log.</summary>
public sealed record PredictionSummary
{
    /// <summary>How many of the last predictions <see cref="StrategyDistribution"/> and the average are taken over.</summary>
    public const int RecentLimit = 100;

    /// <summary>Predictions in the log.</summary>
    public required long TotalPredictions { get; init; }

    /// <summary>How many recent ones the figures below are of: at most <see cref="RecentLimit"/>.</summary>
    public required int RecentCount { get; init; }

    /// <summary>Recent predictions by strategy id; eight counts.</summary>
    public required IReadOnlyList<int> StrategyDistribution { get; init; }

    /// <summary>Mean confidence of the recent ones; 0 when there are none.</summary>
    public required double AverageConfidence { get; init; }

    /// <summary>The newest; null when there is none.</summary>
    public required Prediction? Last { get; init; }

    /// <summary>What came of the newest model's predictions; null before the first outcome. The feed fills it in, not the log.</summary>
    public OutcomeDigest? Outcomes { get; init; }

    /// <summary>How far the features have moved from the training rows; null while that cannot be said. The feed fills it in, not the log.</summary>
    public DriftReport? Drift { get; init; }

    /// <summary>The figures of the newest predictions, at most <see cref="RecentLimit"/>, in ascending sequence.</summary>
    public static PredictionSummary Of(long total, IReadOnlyList<Prediction> recent)
    {
        var distribution = new int[Strategy.Count];
        foreach (var prediction in recent) distribution[prediction.Strategy.Id]++;
        return new PredictionSummary
        {
            TotalPredictions = total,
            RecentCount = recent.Count,
            StrategyDistribution = distribution,
            AverageConfidence = recent.Count == 0 ? 0 : recent.Average(p => p.Confidence),
            Last = recent.Count == 0 ? null : recent[^1],
        };
    }
}

/// <summary>A sequence that does not follow the log's last one.</summary>
/// <param name="market">Market id.</param>
/// <param name="last">Last sequence in the log.</param>
/// <param name="given">The sequence offered.</param>
public sealed class SequenceGapException(string market, long last, long given) : TrmException(
    "sequence_gap", $"market {market}: sequence {given} does not follow {last}")
{
    /// <summary>Last sequence in the log.</summary>
    public long Last { get; } = last;

    /// <summary>The sequence offered.</summary>
    public long Given { get; } = given;
}

/// <summary>A prediction for a log that has started over since.</summary>
/// <param name="market">Market id.</param>
/// <param name="current">The log's epoch.</param>
/// <param name="given">The prediction's epoch.</param>
public sealed class EpochChangedException(string market, Guid current, Guid given) : TrmException(
    "epoch_changed", $"market {market}: the log's epoch is {current}, not {given}; open the log again")
{
    /// <summary>The log's epoch.</summary>
    public Guid Current { get; } = current;
}
