using System.Text.Json;
using Trm.Core.Drift;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Gateway.Protocol;

/// <summary>Totals as JSON: the <c>data</c> of <c>trm_summary</c> and the body of the summary routes.</summary>
internal static class SummaryJson
{
    public static void Write(Utf8JsonWriter json, PredictionSummary summary)
    {
        json.WriteStartObject();
        json.WriteNumber("total_predictions", summary.TotalPredictions);
        json.WriteNumber("recent_count", summary.RecentCount);
        json.WriteStartObject("strategy_distribution");
        foreach (var strategy in Strategy.All) json.WriteNumber(strategy.Name, summary.StrategyDistribution[strategy.Id]);
        json.WriteEndObject();
        json.WriteNumber("average_confidence", double.IsFinite(summary.AverageConfidence) ? summary.AverageConfidence : 0);
        json.WritePropertyName("last_prediction");
        if (summary.Last is { } last) PredictionJson.WriteData(json, last);
        else json.WriteNullValue();
        WriteOutcomes(json, summary.Outcomes);
        WriteDrift(json, summary.Drift);
        json.WriteEndObject();
    }

    /// <summary>
    /// One summary over several markets: sums, and the average weighted by what each was taken over. Outcomes and drift are a market's own.
    /// </summary>
    public static PredictionSummary Combine(IReadOnlyCollection<PredictionSummary> markets)
    {
        if (markets.Count == 1) return markets.First();
        var distribution = new int[Strategy.Count];
        foreach (var market in markets)
        {
            for (var id = 0; id < distribution.Length; id++) distribution[id] += market.StrategyDistribution[id];
        }
        var recent = markets.Sum(m => m.RecentCount);
        return new PredictionSummary
        {
            TotalPredictions = markets.Sum(m => m.TotalPredictions),
            RecentCount = recent,
            StrategyDistribution = distribution,
            AverageConfidence = recent == 0 ? 0 : markets.Sum(m => m.AverageConfidence * m.RecentCount) / recent,
            Last = markets.Select(m => m.Last).OfType<Prediction>().MaxBy(p => p.Timestamp),
        };
    }

    /// <summary>The summary of one market, or over all that the feed carries.</summary>
    public static async Task<PredictionSummary> ReadAsync(IPredictionFeed feed, string? market, CancellationToken cancellation)
    {
        if (market is not null) return await feed.SummarizeAsync(market, cancellation);
        return Combine(await Task.WhenAll(feed.Markets.Select(m => feed.SummarizeAsync(m.Id, cancellation))));
    }

    private static void WriteOutcomes(Utf8JsonWriter json, OutcomeDigest? outcomes)
    {
        if (outcomes is null)
        {
            json.WriteNull("outcomes");
            return;
        }
        json.WriteStartObject("outcomes");
        json.WriteString("model_version", outcomes.ModelVersion);
        json.WriteNumber("sessions", outcomes.Sessions);
        json.WriteNumber("hit_rate", outcomes.HitRate);
        json.WriteNumber("top3_rate", outcomes.Top3Rate);
        json.WriteNumber("calibration_error", outcomes.CalibrationError);
        json.WriteNumber("realised_utility", outcomes.RealisedUtility);
        json.WriteEndObject();
    }

    private static void WriteDrift(Utf8JsonWriter json, DriftReport? drift)
    {
        if (drift is null)
        {
            json.WriteNull("drift");
            return;
        }
        json.WriteStartObject("drift");
        json.WriteNumber("sessions", drift.Sessions);
        json.WriteNumber("threshold", DriftReport.Threshold);
        json.WriteStartObject("features");
        foreach (var (feature, index) in drift.Features) json.WriteNumber(feature, index);
        json.WriteEndObject();
        json.WriteStartArray("warnings");
        foreach (var feature in drift.Warnings) json.WriteStringValue(feature);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
