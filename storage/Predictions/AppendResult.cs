namespace Trm.Storage.Predictions;

/// <summary>The four things that an append can come to.</summary>
public enum AppendResult
{
    /// <summary>It is in the log, durable.</summary>
    Added,

    /// <summary>That sequence was there already, and was left as it is.</summary>
    AlreadyThere,

    /// <summary>It does not follow <see cref="AppendOutcome.Last"/>.</summary>
    Gap,

    /// <summary>The market's log is <see cref="AppendOutcome.Current"/>, not the prediction's.</summary>
    EpochChanged,
}
