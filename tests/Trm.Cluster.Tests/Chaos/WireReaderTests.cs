using System.Text;
using Trm.Bench.Chaos.Clients;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Gateway.Protocol;

namespace Trm.Cluster.Tests.Chaos;

public sealed class WireReaderTests
{
    [Fact]
    public void A_prediction_is_read_as_the_gateway_writes_it()
    {
        var prediction = Prediction("m042", 17);
        Assert.Equal(MessageKind.Prediction, WireReader.Read(PredictionJson.Message(prediction), out var read));
        Assert.Equal(new WirePrediction(41, prediction.Epoch, 17, prediction.Timestamp), read);
    }

    [Theory]
    [InlineData("subscribed", MessageKind.Subscribed)]
    [InlineData("resync", MessageKind.Resync)]
    [InlineData("prediction_error", MessageKind.PredictionError)]
    [InlineData("error", MessageKind.Error)]
    [InlineData("heartbeat", MessageKind.Other)]
    public void Other_messages_are_known_by_their_type(string type, object kind) =>
        Assert.Equal((MessageKind)kind, WireReader.Read(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","market":"m001"}"""), out _));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"trm_prediction","data":{}}""")]
    [InlineData("""{"type":"trm_prediction","timestamp":"yesterday","data":{}}""")]
    public void What_is_no_message_is_refused(string text) =>
        Assert.Equal("bad_message", Assert.Throws<TrmException>(() => WireReader.Read(Encoding.UTF8.GetBytes(text), out _)).Code);

    [Fact]
    public void Every_request_is_one_that_the_gateway_takes()
    {
        var ledger = new ClientLedger(999, [.. Enumerable.Range(0, 999)], _ => { });
        for (var market = 0; market < 999; market++) ledger.Subscribed(market, new LogPlace(Guid.NewGuid(), 1_000_000_000), 0);
        Assert.All(Subscriptions.Subscribe(ledger), request => Assert.True(request.Length <= 4_096));
    }

    private static Prediction Prediction(string market, long sequence) => new()
    {
        Market = market,
        Epoch = Guid.NewGuid(),
        Sequence = sequence,
        Timestamp = new DateTimeOffset(2026, 1, 5, 21, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456),
        AsOf = new DateTimeOffset(2026, 1, 5, 21, 0, 0, TimeSpan.Zero),
        Origin = SnapshotOrigin.Simulated,
        Probabilities = [.. Enumerable.Repeat(0.125f, Strategy.Count)],
        HaltProbability = 0.5f,
        RawFeatures = FeatureVector.From(new double[FeatureNames.Count]),
        NormalizedFeatures = FeatureVector.From(new double[FeatureNames.Count]),
        FeatureSet = FeatureSets.CausalV2,
        ModelVersion = "a",
        RecursionCycles = 3,
        LatentSteps = 6,
        Quality = 1,
        TraceParent = "",
    };
}
