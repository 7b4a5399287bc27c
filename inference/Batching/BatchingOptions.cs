using System.Globalization;

namespace Trm.Inference.Batching;

/// <summary>How predictions of many callers share the engines; configuration section <c>Trm:Batching</c>.</summary>
public sealed record BatchingOptions
{
    /// <summary>The configuration section that is bound.</summary>
    public const string Section = "Trm:Batching";

    /// <summary>Rows that may wait for an engine; one more is <see cref="PredictorOverloadedException"/>. 1 to 1,000,000.</summary>
    public int QueueLimit { get; init; } = 4_096;

    /// <summary>Rows that go through an engine together at most. 1 to 65,536.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>
    /// How long a free engine waits for a fuller batch, counted from when the oldest row came; to whole milliseconds. Zero,
    /// the default, takes what is there. At most 10 s.
    /// </summary>
    public TimeSpan MaxQueueDelay { get; init; }

    /// <summary>Batches that an engine on the processor runs at once, each on a thread; null is one a core. 1 to 256.</summary>
    public int? Workers { get; init; }

    /// <summary>What is wrong with them: one line that names the key, the value and the limits; null when nothing is.</summary>
    public string? Fault() =>
        Range(nameof(QueueLimit), QueueLimit, 1, 1_000_000)
        ?? Range(nameof(MaxBatch), MaxBatch, 1, 65_536)
        ?? Range(nameof(MaxQueueDelay), MaxQueueDelay.TotalSeconds, 0, 10, " seconds")
        ?? Range(nameof(Workers), Workers ?? 1, 1, 256);

    private static string? Range(string key, double value, double min, double max, string unit = "") =>
        value >= min && value <= max
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Section}:{key} is {value}{unit}; it must be from {min} to {max}{unit}");
}
