using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Tests;

namespace Trm.Inference.Tests;

/// <summary>What the package in <c>model/us-equities</c> promises, on every machine.</summary>
public class ShippedModelTests
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "model", "us-equities");

    [Fact]
    public void Its_golden_cases_agree()
    {
        var result = ModelPackage.Verify(Folder);

        Assert.True(result.Passed, $"{result}");
        Assert.Equal(64, result.Cases);
    }

    [Fact]
    public void It_learnt_from_causal_features_of_sessions_up_to_2020_only()
    {
        var model = TrmModel.Load(Folder).Info;

        Assert.Equal(FeatureSets.CausalV2, model.FeatureSet);
        Assert.Equal(1_981_449, model.Parameters);
        Assert.True(model.TrainedTo <= new DateOnly(2020, 12, 31));
    }

    [Fact]
    public void It_is_no_constant_predictor()
    {
        var golden = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "golden.json"))).RootElement;
        var rows = golden.GetProperty("cases").EnumerateArray().Select(c => FeatureVector.From([.. c.GetProperty("raw").EnumerateArray().Select(v => v.GetDouble())]));

        var outputs = new ManagedPredictor(TrmModel.Load(Folder)).PredictBatch([.. rows]);

        var strategies = outputs.Select(o => Strategy.MostProbable(o.Probabilities)).ToArray();
        var confidence = outputs.Select(o => o.Probabilities.Max()).ToArray();
        Assert.True(strategies.Distinct().Count() >= 3, string.Join(", ", strategies.Select(s => s.Name).Distinct()));
        Assert.True(confidence.Max() - confidence.Min() > 0.1f, $"confidence {confidence.Min()} to {confidence.Max()}");
    }
}
