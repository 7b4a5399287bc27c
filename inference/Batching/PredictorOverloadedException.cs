using Trm.Core;

namespace Trm.Inference.Batching;

/// <summary>More predictions were asked for than may wait. Told at once: a queue that only grows answers nobody in time.</summary>
/// <param name="rows">Predictions asked for.</param>
/// <param name="waiting">Predictions that wait already.</param>
/// <param name="limit">How many may.</param>
public sealed class PredictorOverloadedException(int rows, int waiting, int limit) : TrmException(
    "overloaded",
    $"{rows} more beside the {waiting} predictions that wait for the model are over the limit of {limit}; try again in a moment, send fewer at once, or raise {BatchingOptions.Section}:{nameof(BatchingOptions.QueueLimit)}")
{
    /// <summary>How many may wait.</summary>
    public int Limit { get; } = limit;

    /// <inheritdoc/>
    public override string PublicMessage => $"the model is busy: {rows} more beside the {waiting} predictions that wait are over the limit of {Limit}; try again in a moment, or send fewer at once";
}
