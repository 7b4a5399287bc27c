using System.Text;
using System.Text.Json.Nodes;
using Trm.Core.Features;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Inference.Tests.Packages;

public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly TrmModel model = RandomModel.Model();
    private readonly string folder;

    public PackageTests()
    {
        folder = Path.Combine(temporary.Path, "package");
        ModelPackage.Write(folder, model, new PackageDescription { Name = "us-equities", Version = "us-equities-1" });
    }

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_written_package_is_the_same_model()
    {
        var loaded = TrmModel.Load(folder);

        Assert.Equal(("us-equities", FeatureSets.CausalV2, 6, 2, 1), (loaded.Info.Name, loaded.Info.FeatureSet, loaded.Info.HiddenSize, loaded.Info.RecursionCycles, loaded.Info.LatentSteps));
        Assert.Equal((model.Info.TrainedFrom, model.Info.TrainedTo), (loaded.Info.TrainedFrom, loaded.Info.TrainedTo));
        Assert.Equal(model.Normalization.Mean, loaded.Normalization.Mean);
        Assert.Equal(model.Normalization.Std, loaded.Normalization.Std);
        Assert.All(model.Weights.InOrder(), t => Assert.Equal(t.Tensor.Data, loaded.Weights[t.Name].Data));
        Assert.Equal(
            new ManagedPredictor(model).Predict(RandomModel.Features).Probabilities,
            new ManagedPredictor(loaded).Predict(RandomModel.Features).Probabilities);
        Assert.True(File.Exists(Path.Combine(folder, "README.md")));
    }

    [Fact]
    public void The_version_changes_with_the_weights_and_with_the_normalisation()
    {
        var first = TrmModel.Load(folder).Info.Version;
        Assert.Matches("^us-equities-1\\+[0-9a-f]{8}$", first);

        var manifest = Path.Combine(folder, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["normalization"]!["mean"]![0] = 0.5 + (double)json["normalization"]!["mean"]![0]!;
        File.WriteAllText(manifest, json.ToJsonString());

        Assert.NotEqual(first, TrmModel.Load(folder).Info.Version);
    }

    [Fact]
    public void A_written_package_verifies_and_one_with_other_weights_does_not()
    {
        var good = ModelPackage.Verify(folder);
        var other = ModelPackage.Verify(RandomModel.Model(seed: 2), Path.Combine(folder, "golden.json"));

        Assert.True(good.Passed);
        Assert.Equal((32, 0.0, 0.0), (good.Cases, good.ProbabilityDifference, good.HaltDifference));
        Assert.False(other.Passed);
    }

    [Fact]
    public void An_import_that_disagrees_with_its_golden_cases_is_refused()
    {
        var description = new PackageDescription { GoldenPath = Path.Combine(folder, "golden.json") };

        ModelPackage.Write(Path.Combine(temporary.Path, "again"), model, description);
        var error = Assert.Throws<ModelFormatException>(() => ModelPackage.Write(Path.Combine(temporary.Path, "other"), RandomModel.Model(seed: 2), description));

        Assert.Contains("does not agree", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(temporary.Path, "other")));
    }

    [Fact]
    public void A_folder_with_something_in_it_is_not_overwritten() =>
        Assert.Contains("something already", Assert.Throws<ModelFormatException>(() => ModelPackage.Write(folder, model)).Message, StringComparison.Ordinal);

    [Fact]
    public void Golden_cases_of_another_depth_are_refused()
    {
        var error = Assert.Throws<ModelFormatException>(() => ModelPackage.Verify(RandomModel.Model(cycles: 3), Path.Combine(folder, "golden.json")));

        Assert.Contains("recursion_cycles 2; the model has 3", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Claims => new()
    {
        { "/format_version", "2", "format_version 2; this version reads 1" },
        { "/format_version", "\"1\"", "format_version \"1\"" },
        { "/architecture/type", "\"mlp\"", "architecture 'mlp' is not known" },
        { "/architecture/features", "9", "takes 9 features; this service gives 10" },
        { "/architecture/strategies", "4", "has 4 strategies" },
        { "/architecture/hidden", "8", "has hidden size 6; model.json says 8" },
        { "/architecture/recursion_cycles", "0", "recursion_cycles is 0" },
        { "/feature_set", "\"causal-v3\"", "feature set 'causal-v3' is not known; use one of causal-v2, legacy-v1" },
        { "/feature_names/3", "\"volume\"", "feature 3 is 'volume'; it must be 'volume_ratio'" },
        { "/feature_names/3", "null", "feature 3 is 'null'" },
        { "/strategies/0", "\"bold\"", "strategy 0 is 'bold'; it must be 'ultra_defensive'" },
        { "/normalization/std/2", "0", "std of spy_returns_20d is 0" },
        { "/normalization/mean", "[1]", "1 means; there must be 10" },
        { "/normalization/mean", "null", "model.json is not what it must be" },
        { "/weights/file", "\"../weights.safetensors\"", "must be the name of a file in the package" },
        { "/weights/sha256", "\"00\"", "weights.safetensors is corrupt: its SHA-256 is" },
        { "/name", "7", "model.json is not what it must be" },
    };

    /// <summary>What <see cref="SayHowItWasTrained"/> says, changed in one place.</summary>
    public static TheoryData<string, string, string> TrainingClaims => new()
    {
        { "/labels/total_risk", "30", "labels.total_risk is 30; it must be 5, which utility-v1 has" },
        { "/labels/horizon_sessions", "0", "labels.horizon_sessions is 0; it must be 1 or more" },
        { "/labels/active_risk", "-1", "labels.active_risk is -1" },
        { "/labels/temperature", "0", "labels.temperature is 0; it must be a finite number above 0" },
        { "/labels/rule", "null", "model.json is not what it must be" },
        { "/calibration/method", "\"isotonic\"", "calibration.method is 'isotonic'; it must be 'temperature'" },
        { "/calibration/temperature", "-2", "calibration.temperature is -2" },
        { "/calibration/folded", "false", "calibration.folded is false" },
        { "/feature_distribution/volume", """{"edges":[],"shares":[1]}""", "feature_distribution.volume is no feature" },
        { "/feature_distribution/vix", "null", "feature_distribution.vix must have edges and shares" },
        { "/feature_distribution/vix/edges", "null", "feature_distribution.vix.edges" },
        { "/feature_distribution/vix/edges", "[20]", "feature_distribution.vix has 1 edges and 3 shares" },
        { "/feature_distribution/vix/edges/1", "15", "feature_distribution.vix.edges[1] is 15; it must be finite and above the one before" },
        { "/feature_distribution/vix/shares/0", "-0.1", "feature_distribution.vix.shares[0] is -0.1; it must be from 0 to 1" },
        { "/feature_distribution/vix/shares/0", "0.1", "feature_distribution.vix.shares is 0.9; it must be 1 in sum" },
    };

    [Theory]
    [MemberData(nameof(TrainingClaims))]
    public void A_claim_of_its_training_that_does_not_hold_is_refused_by_the_fields_name(string place, string value, string message)
    {
        SayHowItWasTrained();
        A_claim_that_does_not_hold_is_refused(place, value, message);
    }

    [Fact]
    public void What_a_package_says_of_its_training_is_told_and_written_again()
    {
        SayHowItWasTrained();
        ModelPackage.Write(Path.Combine(temporary.Path, "again"), TrmModel.Load(folder));

        var info = TrmModel.Load(Path.Combine(temporary.Path, "again")).Info;

        Assert.Equal(OutcomeRule.UtilityV1, info.Labels);
        Assert.Equal(new ModelCalibration("temperature", 1.5, new DateOnly(2021, 1, 4), new DateOnly(2021, 12, 31)), info.Calibration);
        var vix = Assert.Single(info.FeatureDistribution!);
        Assert.Equal("vix", vix.Key);
        Assert.Equal([15, 20], vix.Value.Edges);
        Assert.Equal([0.2, 0.5, 0.3], vix.Value.Shares);
    }

    private void SayHowItWasTrained()
    {
        var json = JsonNode.Parse(File.ReadAllText(Manifest))!;
        var rule = OutcomeRule.UtilityV1;
        json["labels"] = new JsonObject
        {
            ["rule"] = rule.Name, ["horizon_sessions"] = rule.HorizonSessions, ["total_risk"] = rule.TotalRisk,
            ["active_risk"] = rule.ActiveRisk, ["temperature"] = rule.Temperature,
        };
        json["calibration"] = new JsonObject
        {
            ["method"] = "temperature", ["temperature"] = 1.5, ["fitted_from"] = "2021-01-04", ["fitted_to"] = "2021-12-31", ["folded"] = true,
        };
        json["feature_distribution"] = JsonNode.Parse("""{"vix":{"edges":[15,20],"shares":[0.2,0.5,0.3]}}""");
        File.WriteAllText(Manifest, json.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Claims))]
    public void A_claim_that_does_not_hold_is_refused(string place, string value, string message)
    {
        var json = JsonNode.Parse(File.ReadAllText(Manifest))!;
        var steps = place.Split('/')[1..];
        var parent = steps[..^1].Aggregate(json, (node, step) => node[step]!);
        if (parent is JsonArray array) array[int.Parse(steps[^1])] = JsonNode.Parse(value);
        else parent[steps[^1]] = JsonNode.Parse(value);
        File.WriteAllText(Manifest, json.ToJsonString());

        AssertRefused(message);
    }

    [Fact]
    public void Corrupt_weights_and_missing_files_are_said()
    {
        var weights = File.ReadAllBytes(Weights);
        weights[^1] ^= 1;
        File.WriteAllBytes(Weights, weights);
        AssertRefused("SHA-256");

        File.Delete(Weights);
        Assert.Contains(Weights, Assert.Throws<ModelNotFoundException>(() => TrmModel.Load(folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Manifest, "{");
        AssertRefused("model.json is not what it must be");
        File.WriteAllText(Manifest, "{}");
        AssertRefused("no format_version");
        File.Delete(Manifest);
        Assert.Contains(Manifest, Assert.Throws<ModelNotFoundException>(() => TrmModel.Load(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_bare_checkpoints_are_refused_beside_a_package() =>
        Assert.Contains("leave the options", Assert.Throws<ModelFormatException>(() => TrmModel.Load(folder, "n.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_strategies_of_a_package_are_those_of_this_service() =>
        Assert.Equal(Strategy.All.Select(s => s.Name), JsonNode.Parse(File.ReadAllText(Manifest))!["strategies"]!.AsArray().Select(n => n!.GetValue<string>()));

    private string Manifest => Path.Combine(folder, "model.json");

    private string Weights => Path.Combine(folder, "weights.safetensors");

    private void AssertRefused(string message)
    {
        var error = Assert.Throws<ModelFormatException>(() => TrmModel.Load(folder));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(folder, error.Message, StringComparison.Ordinal);
    }
}
