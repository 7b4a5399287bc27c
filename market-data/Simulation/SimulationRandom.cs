namespace Trm.MarketData.Simulation;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood 2014) with normal draws. <see cref="Random"/> does not promise the same numbers
/// in the next .NET, and a simulated market must be the same market for ever.
/// </summary>
internal sealed class SimulationRandom(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong state = seed;
    private double spare;
    private bool hasSpare;

    /// <summary>A generator of its own for each pair.</summary>
    public static SimulationRandom For(long seed, long path) => new(Mix(Mix((ulong)seed + Golden) + ((ulong)path * Golden)));

    /// <summary>From 0 up to but not 1.</summary>
    public double Uniform()
    {
        state += Golden;
        return (Mix(state) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>Standard normal, by Box and Muller.</summary>
    public double Normal()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * Uniform());
        (spare, hasSpare) = (radius * sin, true);
        return radius * cos;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
