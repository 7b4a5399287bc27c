using System.Text;
using System.Text.Json;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Gateway.Protocol;
using Trm.Gateway.Rest;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Protocol;

public sealed class PredictionJsonTests
{
    [Fact]
    public void The_message_is_the_designs_byte_for_byte() =>
        Assert.Equal(
            """{"type":"trm_prediction","timestamp":"2026-11-22T10:00:00.123456Z","data":{"timestamp":"2026-11-22T10:00:00.123456Z","strategy_id":0,"strategy_name":"ultra_defensive","confidence":0.5432""" +
            ""","probabilities":{"ultra_defensive":0.5432,"defensive":0.1,"balanced_safe":0.05,"balanced_growth":0.0001,"balanced_aggressive":0.1,"aggressive_growth":0.1067,"max_growth":0.06,"tactical_opportunity":0.04}""" +
            ""","raw_features":[14.5,-0.02,-0.05,1.1,0.45,0.28,1.3,0.99,0.03,0.95],"normalized_features":[-0.5,-0.25,0.125,1,2,3,-1,0,1E-07,0.1],"halt_probability":0.0123""" +
            ""","model_metadata":{"recursion_cycles":3,"latent_steps":6,"effective_depth":42},"market":"us-equities","epoch":"0f8fad5b-d9cb-469f-a165-70867728950e","sequence":17""" +
            ""","as_of":"2022-12-30T21:00:00.000000Z","source":"replay","model_version":"1.0.0+abc","feature_set":"causal-v2","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","quality":0.95}}""",
            Encoding.UTF8.GetString(PredictionJson.Message(Samples.Prediction())));

    [Fact]
    public void Only_a_simulated_market_says_mock_data()
    {
        Assert.True(Data(Samples.Prediction() with { Origin = SnapshotOrigin.Simulated }).GetProperty("mock_data").GetBoolean());
        Assert.False(Data(Samples.Prediction()).TryGetProperty("mock_data", out _));
    }

    [Fact]
    public void Staleness_and_proxies_are_told_when_there_are_any()
    {
        var data = Data(Samples.Prediction() with { Staleness = TimeSpan.FromSeconds(90.5), Proxies = ["put_call_ratio"] });
        Assert.Equal(90.5, data.GetProperty("staleness_seconds").GetDouble());
        Assert.Equal("put_call_ratio", Assert.Single(data.GetProperty("proxies").EnumerateArray()).GetString());
        Assert.False(Data(Samples.Prediction()).TryGetProperty("staleness_seconds", out _));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_number_that_is_not_finite_is_never_written(float value)
    {
        float[] probabilities = [0.5f, value, 0, 0, 0, 0, 0, 0];
        var error = Assert.Throws<NonFinitePredictionException>(() => PredictionJson.Message(Samples.Prediction() with { Probabilities = probabilities }));
        Assert.Equal("not_finite", error.Code);
        Assert.Throws<NonFinitePredictionException>(() => PredictionJson.Message(Samples.Prediction() with { HaltProbability = value }));
        Assert.Throws<NonFinitePredictionException>(() => PredictionJson.Message(Samples.Prediction() with { Quality = value }));
    }

    [Fact]
    public void Numbers_read_back_the_same()
    {
        var prediction = Samples.Prediction() with { HaltProbability = 1f / 3 };
        Assert.Equal(prediction.HaltProbability, Data(prediction).GetProperty("halt_probability").GetSingle());
    }

    [Fact]
    public void An_answer_without_a_log_has_the_same_fields_as_a_message()
    {
        var prediction = Samples.Prediction();
        var output = JsonDocument.Parse(PredictionJson.Output(
            prediction.Timestamp, prediction.RawFeatures, new ModelOutput(prediction.NormalizedFeatures, prediction.Probabilities, prediction.HaltProbability, Samples.Model))).RootElement;
        var data = Data(prediction);
        foreach (var field in output.EnumerateObject()) Assert.Equal(data.GetProperty(field.Name).GetRawText(), field.Value.GetRawText());
        Assert.Equal(11, output.EnumerateObject().Count());
    }

    [Fact]
    public void OpenAPIs_schemas_have_the_names_on_the_wire()
    {
        var everything = Samples.Prediction() with { Origin = SnapshotOrigin.Simulated, Staleness = TimeSpan.Zero, Proxies = ["vix"] };
        Assert.Equal(Names(typeof(PredictionSchema)), Names(Data(everything)));
        Assert.Equal(Names(typeof(SummarySchema)), Names(JsonDocument.Parse(JsonText.Write(j => SummaryJson.Write(j, PredictionSummary.Of(1, [everything])))).RootElement));
    }

    private static JsonElement Data(Prediction prediction) => JsonDocument.Parse(PredictionJson.Data(prediction)).RootElement;

    private static IEnumerable<string> Names(Type schema) => schema.GetProperties().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)).Order();

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(p => p.Name).Order();
}
