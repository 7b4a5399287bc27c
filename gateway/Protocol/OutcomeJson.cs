using System.Globalization;
using System.Text.Json;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Gateway.Protocol;

/// <summary>The one writer of outcomes and of figures made of them: REST, summaries and the command line use it.</summary>
public static class OutcomeJson
{
    /// <summary>A session on the wire: <c>yyyy-MM-dd</c>.</summary>
    public static string Date(DateOnly session) => session.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Writes a rule with its numbers.</summary>
    public static void WriteRule(Utf8JsonWriter json, OutcomeRule rule)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(rule);
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteNumber("horizon_sessions", rule.HorizonSessions);
        json.WriteNumber("total_risk", rule.TotalRisk);
        json.WriteNumber("active_risk", rule.ActiveRisk);
        json.WriteNumber("temperature", rule.Temperature);
        json.WriteEndObject();
    }

    /// <summary>A range of a market's outcomes with the figures of its models, in UTF-8.</summary>
    public static byte[] Page(string market, OutcomePage page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return JsonText.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("market", market);
            json.WritePropertyName("rule");
            WriteRule(json, page.Rule);
            if (page.Reason is { } reason) json.WriteString("reason", reason);
            json.WriteStartArray("outcomes");
            foreach (var judged in page.Outcomes) WriteJudged(json, judged);
            json.WriteEndArray();
            json.WriteStartArray("statistics");
            foreach (var model in page.Statistics)
            {
                json.WriteStartObject();
                json.WriteString("model_version", model.ModelVersion);
                json.WriteNumber("window_sessions", OutcomePage.WindowSessions);
                WriteFigures(json, model.Figures);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>Writes a prediction and what came of it.</summary>
    public static void WriteJudged(Utf8JsonWriter json, JudgedPrediction judged)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(judged);
        json.WriteStartObject();
        json.WriteString("session", Date(judged.Outcome.Session));
        json.WriteString("settled", Date(judged.Outcome.Settled));
        json.WriteString("epoch", judged.Epoch);
        json.WriteNumber("sequence", judged.Sequence);
        json.WriteString("model_version", judged.ModelVersion);
        json.WriteString("strategy_name", judged.Strategy.Name);
        json.WriteNumber("confidence", judged.Probabilities[judged.Strategy.Id]);
        json.WriteString("best_strategy", judged.Outcome.Best.Name);
        json.WriteBoolean("hit", judged.IsHit);
        json.WriteBoolean("top3", judged.IsInTop3);
        json.WriteNumber("probability_of_best", judged.Probabilities[judged.Outcome.Best.Id]);
        json.WriteStartObject("probabilities");
        foreach (var strategy in Strategy.All) json.WriteNumber(strategy.Name, judged.Probabilities[strategy.Id]);
        json.WriteEndObject();
        WriteByStrategy(json, "returns", judged.Outcome.Returns);
        WriteByStrategy(json, "utilities", judged.Outcome.Utilities);
        json.WriteEndObject();
    }

    /// <summary>Writes figures as an object of their own.</summary>
    public static void WriteStatistics(Utf8JsonWriter json, OutcomeStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(statistics);
        json.WriteStartObject();
        WriteFigures(json, statistics);
        json.WriteEndObject();
    }

    /// <summary>Writes figures into an object that is open.</summary>
    public static void WriteFigures(Utf8JsonWriter json, OutcomeStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(statistics);
        json.WriteNumber("sessions", statistics.Sessions);
        json.WriteNumber("hit_rate", statistics.HitRate);
        json.WriteNumber("top3_rate", statistics.Top3Rate);
        json.WriteNumber("log_loss", statistics.LogLoss);
        json.WriteNumber("hard_log_loss", statistics.HardLogLoss);
        json.WriteNumber("brier", statistics.Brier);
        json.WriteNumber("average_confidence", statistics.AverageConfidence);
        json.WriteNumber("calibration_error", statistics.CalibrationError);
        json.WriteNumber("realised_utility", statistics.RealisedUtility);
        json.WriteNumber("realised_return", statistics.RealisedReturn);
        json.WriteStartObject("best_constant");
        json.WriteString("strategy_name", statistics.BestConstant.Strategy.Name);
        json.WriteNumber("utility", statistics.BestConstant.Utility);
        json.WriteEndObject();
        json.WriteStartArray("reliability");
        foreach (var bin in statistics.Reliability)
        {
            json.WriteStartObject();
            json.WriteNumber("from", bin.From);
            json.WriteNumber("to", bin.To);
            json.WriteNumber("sessions", bin.Sessions);
            json.WriteNumber("average_confidence", bin.AverageConfidence);
            json.WriteNumber("hit_rate", bin.HitRate);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteByStrategy(Utf8JsonWriter json, string name, IReadOnlyList<double> values)
    {
        json.WriteStartObject(name);
        foreach (var strategy in Strategy.All) json.WriteNumber(strategy.Name, values[strategy.Id]);
        json.WriteEndObject();
    }
}
