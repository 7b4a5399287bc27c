using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Outcomes;

/// <summary>A log that predictions of numbered sessions are appended to.</summary>
internal static class TestLog
{
    /// <summary>Appends a prediction of a session, made at its close or some time before or after.</summary>
    public static Prediction Predict(
        this InMemoryLog log, int day, string model = "m-1", TimeSpan afterClose = default, SnapshotOrigin origin = SnapshotOrigin.Replay, int predicted = 2, double vix = 20)
    {
        var sequence = log.Entries.Count + 1;
        var asOf = TestCloses.Market.CloseOf(TestCloses.Day(day)) + (afterClose < TimeSpan.Zero ? afterClose : default);
        var prediction = new Prediction
        {
            Market = "m",
            Epoch = log.Epoch,
            Sequence = sequence,
            Timestamp = Make.Noon.AddSeconds(sequence),
            AsOf = asOf,
            Origin = origin,
            Probabilities = Judged.Of(predicted, 0.4, best: 0).Probabilities,
            HaltProbability = 0.5f,
            RawFeatures = FeatureVector.From([vix, 0, 0, 1, 0.5, 0.3, 1, 0.4, 0.01, 1]),
            NormalizedFeatures = FeatureVector.From([0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            FeatureSet = FeatureSets.CausalV2,
            ModelVersion = model,
            RecursionCycles = 3,
            LatentSteps = 6,
            Quality = 1,
            TraceParent = "",
        };
        Assert.True(log.AppendAsync(prediction).Result);
        return prediction;
    }
}
