using System.Text.Json;
using Trm.Cli.Output;
using Trm.Core.Backtests;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Cli.Backtests;

/// <summary>A backtest as one JSON object on stdout.</summary>
internal static class BacktestJson
{
    public static void Write(BacktestReport report) => JsonOutput.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("market", report.Market.Id);
        json.WriteString("from", OutcomeJson.Date(report.Decisions[0].Session));
        json.WriteString("to", OutcomeJson.Date(report.Decisions[^1].Session));
        json.WriteString("model_version", report.Model.Version);
        json.WriteString("feature_set", report.Model.FeatureSet);
        json.WritePropertyName("rule");
        OutcomeJson.WriteRule(json, report.Rule);
        json.WriteNumber("predictions", report.Decisions.Count);
        json.WriteNumber("sessions_without_prediction", report.Missed.Count);
        json.WriteNumber("cost_basis_points", report.CostBasisPoints);
        WritePrior(json, report.Prior);
        WriteGain(json, report.Gain);
        json.WriteStartObject("predicted");
        foreach (var strategy in Strategy.All) json.WriteNumber(strategy.Name, report.Predicted[strategy.Id]);
        json.WriteEndObject();
        json.WriteStartObject("confidence");
        json.WriteNumber("p10", report.ConfidencePercentile(0.1));
        json.WriteNumber("p50", report.ConfidencePercentile(0.5));
        json.WriteNumber("p90", report.ConfidencePercentile(0.9));
        json.WriteEndObject();
        json.WriteStartArray("contestants");
        foreach (var contestant in report.Contestants) Write(json, contestant);
        json.WriteEndArray();
        json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
        json.WriteEndObject();
    });

    private static void WritePrior(Utf8JsonWriter json, ClassPrior prior)
    {
        json.WriteStartObject("class_prior");
        json.WriteString("of", prior.Source);
        json.WriteNumber("sessions", prior.Sessions);
        json.WriteStartObject("probabilities");
        foreach (var strategy in Strategy.All) json.WriteNumber(strategy.Name, prior.Probabilities[strategy.Id]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteGain(Utf8JsonWriter json, LogLossGain? gain)
    {
        if (gain is null)
        {
            json.WriteNull("log_loss_gain");
            return;
        }
        json.WriteStartObject("log_loss_gain");
        json.WriteNumber("mean", gain.Mean);
        json.WriteNumber("low", gain.Low);
        json.WriteNumber("high", gain.High);
        json.WriteNumber("level", gain.Bootstrap.Level);
        json.WriteNumber("block_sessions", gain.Bootstrap.BlockLength);
        json.WriteNumber("resamples", gain.Bootstrap.Resamples);
        json.WriteNumber("seed", gain.Bootstrap.Seed);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Contestant contestant)
    {
        json.WriteStartObject();
        json.WriteString("name", contestant.Name);
        json.WritePropertyName("forecast");
        if (contestant.Forecast is { } forecast) OutcomeJson.WriteStatistics(json, forecast);
        else json.WriteNullValue();
        if (contestant.HitRate is { } hits) json.WriteNumber("hit_rate", hits);
        if (contestant.Utility is { } utility) json.WriteNumber("utility", utility);
        var equity = contestant.Equity;
        json.WriteNumber("total_return", equity.TotalReturn);
        json.WriteNumber("annual_return", equity.AnnualReturn);
        json.WriteNumber("volatility", equity.Volatility);
        json.WriteNumber("max_drawdown", equity.MaxDrawdown);
        json.WriteNumber("turnover_per_year", equity.TurnoverPerYear);
        json.WriteEndObject();
    }
}
