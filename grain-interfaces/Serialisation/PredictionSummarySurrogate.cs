using Trm.Core.Drift;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="PredictionSummary"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.prediction-summary")]
internal struct PredictionSummarySurrogate
{
    [Id(0)] public long TotalPredictions;
    [Id(1)] public int RecentCount;
    [Id(2)] public int[] StrategyDistribution;
    [Id(3)] public double AverageConfidence;
    [Id(4)] public Prediction? Last;
    [Id(5)] public OutcomeDigest? Outcomes;
    [Id(6)] public DriftReport? Drift;
}

[RegisterConverter]
internal sealed class PredictionSummaryConverter : IConverter<PredictionSummary, PredictionSummarySurrogate>
{
    public PredictionSummary ConvertFromSurrogate(in PredictionSummarySurrogate surrogate) => new()
    {
        TotalPredictions = surrogate.TotalPredictions,
        RecentCount = surrogate.RecentCount,
        StrategyDistribution = surrogate.StrategyDistribution,
        AverageConfidence = surrogate.AverageConfidence,
        Last = surrogate.Last,
        Outcomes = surrogate.Outcomes,
        Drift = surrogate.Drift,
    };

    public PredictionSummarySurrogate ConvertToSurrogate(in PredictionSummary value) => new()
    {
        TotalPredictions = value.TotalPredictions,
        RecentCount = value.RecentCount,
        StrategyDistribution = [.. value.StrategyDistribution],
        AverageConfidence = value.AverageConfidence,
        Last = value.Last,
        Outcomes = value.Outcomes,
        Drift = value.Drift,
    };
}
