using System.Globalization;
using System.Text.Json;
using Trm.Core.Outcomes;

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
}
