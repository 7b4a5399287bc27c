namespace Trm.Cli.Benchmarks.Inference;

/// <summary>The seconds of every call of a cell.</summary>
internal sealed class Timings
{
    private readonly List<double> seconds = [];
    private bool sorted = true;

    /// <summary>Calls so far.</summary>
    public int Count => seconds.Count;

    /// <summary>The quickest: what the program costs when nothing else happens on the machine.</summary>
    public double Minimum => Percentile(0);

    /// <summary>The median; the lower of the two middle ones.</summary>
    public double Median => Percentile(0.5);

    /// <summary>The 99th percentile: with fewer than 100 calls the slowest.</summary>
    public double P99 => Percentile(0.99);

    /// <summary>Adds calls.</summary>
    public void Add(IEnumerable<double> calls)
    {
        seconds.AddRange(calls);
        sorted = false;
    }

    /// <summary>The smallest value that at least this share of the calls does not exceed (nearest rank).</summary>
    /// <param name="share">0 to 1.</param>
    /// <exception cref="InvalidOperationException">There are no calls.</exception>
    public double Percentile(double share)
    {
        if (seconds.Count == 0) throw new InvalidOperationException("no calls were timed");
        if (!sorted) seconds.Sort();
        sorted = true;
        var rank = (int)Math.Ceiling(share * seconds.Count);
        return seconds[Math.Clamp(rank - 1, 0, seconds.Count - 1)];
    }
}
