using System.Globalization;
using Trm.Hosting;

namespace Trm.Cli.Benchmarks.Log;

/// <summary>What a run of <c>trm bench log</c> does.</summary>
/// <param name="Rows">Predictions in the log before measuring.</param>
/// <param name="Markets">Markets that share them evenly.</param>
/// <param name="Rate">Appends a second, all markets together.</param>
/// <param name="Seconds">Of appending.</param>
internal sealed record LogPlan(long Rows, int Markets, double Rate, double Seconds)
{
    public long RowsPerMarket => Rows / Markets;

    public int Appends => (int)(Rate * Seconds);

    /// <summary>Of each kind: enough for a 99th percentile, unless little is asked at all.</summary>
    public int Reads => Math.Clamp(Appends, 100, 1_000);

    /// <summary>The market at a place, so named that nobody takes it for a real one.</summary>
    public static string Name(int market) => string.Create(CultureInfo.InvariantCulture, $"bench-{market:000}");

    /// <exception cref="UsageException">A number out of its range.</exception>
    public void Validate()
    {
        if (Markets is < 1 or > 10_000) throw new UsageException($"--markets {Markets} is not between 1 and 10000");
        if (RowsPerMarket < 1_000 || Rows > 1_000_000_000) throw new UsageException($"--rows {Rows} is not between 1000 a market ({1_000L * Markets}) and 1000000000");
        if (!(Rate is >= 1 and <= 100_000)) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--rate {Rate} is not between 1 and 100000"));
        if (!(Seconds is >= 1 and <= 3_600)) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--seconds {Seconds} is not between 1 and 3600"));
    }
}
