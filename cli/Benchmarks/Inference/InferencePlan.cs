using System.Globalization;
using Trm.Hosting;

namespace Trm.Cli.Benchmarks.Inference;

/// <summary>What is measured, and for how long.</summary>
internal sealed record InferencePlan
{
    /// <summary>A large batch takes about half a millisecond a row, so that one call of this takes seconds.</summary>
    private const int LargestBatch = 4_096;

    private const int MostThreads = 64;

    /// <summary>Batch sizes, each once.</summary>
    public required IReadOnlyList<int> Batches { get; init; }

    /// <summary>Numbers of threads, each once.</summary>
    public required IReadOnlyList<int> Threads { get; init; }

    /// <summary>At most this many rounds.</summary>
    public required int Rounds { get; init; }

    /// <summary>No round begins after this; the first one always runs.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>How long a cell's turn is in a round, if a single call is not longer.</summary>
    public TimeSpan Turn { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>Checks what the command line says.</summary>
    /// <exception cref="UsageException">A value is no number or outside its range.</exception>
    public static InferencePlan Read(string batches, string threads, int rounds, double seconds)
    {
        if (rounds is < 1 or > 10_000) throw new UsageException($"--rounds {rounds} is not between 1 and 10000");
        if (seconds is not (> 0 and <= 3_600)) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--seconds {seconds} is not above 0 and at most 3600"));
        return new InferencePlan
        {
            Batches = Numbers("--batches", batches, LargestBatch),
            Threads = Numbers("--threads", threads, MostThreads),
            Rounds = rounds,
            Budget = TimeSpan.FromSeconds(seconds),
        };
    }

    private static int[] Numbers(string option, string text, int largest)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var numbers = Array.ConvertAll(parts, part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        if (numbers.Length == 0 || numbers.Any(n => n < 1 || n > largest))
            throw new UsageException($"{option} {text} is not a list of numbers from 1 to {largest}, like 1,8,32");
        return [.. numbers.Distinct()];
    }
}
