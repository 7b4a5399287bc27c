namespace Trm.GrainInterfaces.Predictions;

/// <summary>What an append came to.</summary>
/// <param name="Result">Whether the log holds the prediction.</param>
/// <param name="Epoch">The log's epoch.</param>
/// <param name="Sequence">The log's last sequence.</param>
[GenerateSerializer]
[Immutable]
[Alias("trm.append-reply")]
public readonly record struct AppendReply([property: Id(0)] AppendResult Result, [property: Id(1)] Guid Epoch, [property: Id(2)] long Sequence);

/// <summary>Whether the log holds what was offered.</summary>
[GenerateSerializer]
[Alias("trm.append-result")]
public enum AppendResult
{
    /// <summary>It was added.</summary>
    Added,

    /// <summary>That sequence was there already and is as it was.</summary>
    AlreadyThere,

    /// <summary>The sequence is not the next one; nothing was added.</summary>
    Gap,

    /// <summary>The log has another epoch; nothing was added.</summary>
    EpochChanged,
}
