namespace Trm.Core.Predictions;

/// <summary>One of the eight allocations the model chooses between.</summary>
/// <param name="Id">0 to 7: the model's output index.</param>
/// <param name="Name">On the wire.</param>
/// <param name="Benchmark">Percent in the equity benchmark (SPY).</param>
/// <param name="Bond">Percent in the bond (TLT).</param>
/// <param name="Cash">Percent in cash; the three sum to 100.</param>
public sealed record Strategy(int Id, string Name, int Benchmark, int Bond, int Cash)
{
    /// <summary>How many there are.</summary>
    public const int Count = 8;

    /// <summary>All, by id.</summary>
    public static IReadOnlyList<Strategy> All { get; } =
    [
        new(0, "ultra_defensive", 20, 50, 30),
        new(1, "defensive", 40, 30, 30),
        new(2, "balanced_safe", 60, 20, 20),
        new(3, "balanced_growth", 70, 20, 10),
        new(4, "balanced_aggressive", 80, 15, 5),
        new(5, "aggressive_growth", 90, 10, 0),
        new(6, "max_growth", 85, 15, 0),
        new(7, "tactical_opportunity", 75, 25, 0),
    ];

    /// <summary>Its return when the benchmark and the bond had theirs, 0.01 = 1 %; cash earns nothing.</summary>
    public double Return(double benchmark, double bond) => (Benchmark / 100.0 * benchmark) + (Bond / 100.0 * bond);

    /// <summary>The likeliest of eight probabilities by id; the lower id on a tie.</summary>
    public static Strategy MostProbable(IReadOnlyList<float> probabilities)
    {
        var best = 0;
        for (var id = 1; id < Count; id++)
        {
            if (probabilities[id] > probabilities[best]) best = id;
        }
        return All[best];
    }
}
