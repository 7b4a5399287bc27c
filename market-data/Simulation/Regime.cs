namespace Trm.MarketData.Simulation;

/// <summary>A mood of the market, which lasts for days to months and then turns into another.</summary>
/// <param name="Drift">The benchmark's mean return a session.</param>
/// <param name="Volatility">What its volatility a session tends to.</param>
/// <param name="Stay">Probability that the next session has the same mood.</param>
internal sealed record Regime(double Drift, double Volatility, double Stay)
{
    /// <summary>Quiet and rising: most of the time.</summary>
    public static Regime Calm { get; } = new(0.0006, 0.0068, 0.991);

    /// <summary>A clear way up, in larger steps.</summary>
    public static Regime Rally { get; } = new(0.0012, 0.0095, 0.982);

    /// <summary>A clear way down.</summary>
    public static Regime Decline { get; } = new(-0.0010, 0.0115, 0.980);

    /// <summary>Falls and rebounds of several percent.</summary>
    public static Regime Crisis { get; } = new(-0.0022, 0.0250, 0.962);

    /// <summary>The mood of the next session.</summary>
    public Regime Next(SimulationRandom random)
    {
        if (random.Uniform() < Stay) return this;
        var draw = random.Uniform();
        if (this == Calm) return draw < 0.55 ? Rally : draw < 0.85 ? Decline : Crisis;
        if (this == Rally) return draw < 0.75 ? Calm : Decline;
        if (this == Decline) return draw < 0.55 ? Calm : draw < 0.75 ? Rally : Crisis;
        return draw < 0.45 ? Rally : draw < 0.70 ? Decline : Calm;
    }
}
