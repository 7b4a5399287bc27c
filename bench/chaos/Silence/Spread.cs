namespace Trm.Bench.Chaos.Silence;

/// <summary>Durations over the markets.</summary>
internal readonly record struct Spread(TimeSpan P50, TimeSpan P95, TimeSpan Max)
{
    public static Spread Of(IEnumerable<TimeSpan> durations)
    {
        TimeSpan[] sorted = [.. durations.Order()];
        return sorted.Length == 0 ? default : new Spread(At(0.5), At(0.95), sorted[^1]);

        TimeSpan At(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
