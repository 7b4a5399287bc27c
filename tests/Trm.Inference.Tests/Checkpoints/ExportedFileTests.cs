using Trm.Core;
using Trm.Core.Features;
using Trm.Inference.Export;
using Trm.Inference.Packages;

namespace Trm.Inference.Tests.Checkpoints;

/// <summary>What <c>trm model export</c> writes, and graphs and weights of other programs, as checkpoints.</summary>
public sealed class ExportedFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TrmModel model = RandomModel.Model(hidden: 8, cycles: 4, steps: 2);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_safetensors_file_comes_back_with_nothing_beside_it()
    {
        var path = Path.Combine(folder.Path, "model.safetensors");
        SafetensorsExport.WriteFile(path, model);

        AssertSame(TrmModel.Load(path));
    }

    [Fact]
    public void A_graph_of_the_full_form_comes_back_with_nothing_beside_it() =>
        AssertSame(TrmModel.Load(folder.Write("model.onnx", OnnxExport.Write(model, OnnxForm.Naive))));

    [Fact]
    public void Weights_of_another_program_take_the_normalisation_beside_them()
    {
        folder.Write("normalization.json", RandomModel.NormalizationJson(json => (json["recursion_cycles"], json["latent_steps"]) = (5, 2)));

        var loaded = TrmModel.Load(folder.Write("model.safetensors", Safetensors.Write(model.Weights)));

        Assert.Equal((5, 2, FeatureSets.LegacyV1), (loaded.Info.RecursionCycles, loaded.Info.LatentSteps, loaded.Info.FeatureSet));
    }

    [Fact]
    public void Weights_without_a_normalisation_are_refused() =>
        Assert.Contains(
            "there is no normalisation beside it",
            Assert.Throws<ModelNotFoundException>(() => TrmModel.Load(folder.Write("model.safetensors", Safetensors.Write(model.Weights)))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void What_the_caller_says_goes_before_what_the_file_says()
    {
        var path = folder.Write("model.onnx", OnnxExport.Write(model, OnnxForm.Naive));
        var normalization = folder.Write("other.json", RandomModel.NormalizationJson(json => json["mean"] = new double[FeatureNames.Count]));

        var loaded = TrmModel.Load(path, new ModelLoadOptions { NormalizationPath = normalization, RecursionCycles = 1, FeatureSet = FeatureSets.LegacyV1 });

        Assert.Equal((1, 2, FeatureSets.LegacyV1), (loaded.Info.RecursionCycles, loaded.Info.LatentSteps, loaded.Info.FeatureSet));
        Assert.All(loaded.Normalization.Mean, mean => Assert.Equal(0, mean));
    }

    [Fact]
    public void A_graph_that_PyTorch_packed_its_own_way_is_read()
    {
        // Packed dimensions and float_data, as some exporters write, beside a constant that is no weight.
        var graph = new ProtobufWriter().Message(5, new ProtobufWriter().Integer(2, 7).Text(8, "/Constant").Bytes(9, new byte[8]));
        foreach (var (name, shape, data) in RandomModel.Tensors(6))
        {
            var bytes = data.SelectMany(BitConverter.GetBytes).ToArray();
            graph.Message(5, new ProtobufWriter().Bytes(1, shape.Select(axis => (byte)axis).ToArray()).Integer(2, 1).Bytes(4, bytes).Text(8, name));
        }
        folder.Write("normalization.json", RandomModel.NormalizationJson());

        var loaded = TrmModel.Load(folder.Write("model.onnx", new ProtobufWriter().Integer(1, 8).Message(7, graph).ToArray()));

        Assert.All(RandomModel.Tensors(6), t => Assert.Equal(t.Data, loaded.Weights[t.Name].Data));
    }

    [Fact]
    public void A_graph_with_a_layer_multiplied_away_says_what_to_import_instead() =>
        Refused("model.onnx", OnnxExport.Write(model), "no initialiser input_proj.weight");

    [Fact]
    public void A_graph_whose_weights_are_elsewhere_or_in_another_type_is_refused_by_name()
    {
        var elsewhere = new ProtobufWriter().Integer(1, 6).Integer(1, 10).Integer(2, 1).Text(8, "input_proj.weight").Integer(14, 1);
        var half = new ProtobufWriter().Integer(1, 6).Integer(1, 10).Integer(2, 10).Text(8, "input_proj.weight").Bytes(9, new byte[120]);
        var cut = new ProtobufWriter().Integer(1, 6).Integer(1, 10).Integer(2, 1).Text(8, "input_proj.weight").Bytes(9, new byte[120]);

        Refused("model.onnx", Graph(elsewhere), "'input_proj.weight' is kept in another file");
        Refused("model.onnx", Graph(half), "'input_proj.weight' has data type 10");
        Refused("model.onnx", Graph(cut), "'input_proj.weight' of shape [6, 10] has 120 bytes");
    }

    [Fact]
    public void A_graph_of_something_else_is_refused()
    {
        Refused("model.onnx", "not a graph"u8.ToArray(), "no protobuf message");
        Refused("model.onnx", new ProtobufWriter().Integer(1, 8).ToArray(), "it has no graph");
        Refused("model.onnx", Graph(new ProtobufWriter().Integer(1, 1).Integer(2, 1).Text(8, "conv1.weight").Bytes(9, new byte[4])), "tensor 'input_proj.weight' is missing");
    }

    [Theory]
    [InlineData("trm.normalization_std", "0,1,1,1,1,1,1,1,1,1", "std of vix is 0")]
    [InlineData("trm.normalization_std", "1,-1,1,1,1,1,1,1,1,1", "std of spy_returns_5d is -1")]
    [InlineData("trm.normalization_std", "1,2", "2 standard deviations; there must be 10")]
    [InlineData("trm.normalization_mean", "1,x,1,1,1,1,1,1,1,1", "metadata trm.normalization_mean has 'x'")]
    [InlineData("trm.feature_names", "a,b,c,d,e,f,g,h,i,j", "feature 0 is 'a'; it must be 'vix'")]
    [InlineData("trm.recursion_cycles", "many", "metadata trm.recursion_cycles has 'many'")]
    [InlineData("trm.recursion_cycles", "0", "recursion_cycles is 0")]
    [InlineData("trm.feature_set", "causal-v9", "feature set 'causal-v9' is not known")]
    public void Metadata_that_cannot_be_is_refused_by_its_name(string key, string text, string message)
    {
        var metadata = ModelMetadata.Of(model).Select(entry => entry.Key == key ? (key, text) : entry);

        Refused("model.safetensors", Safetensors.Write(model.Weights, metadata), message);
    }

    [Fact]
    public void A_graph_with_any_byte_changed_is_read_or_refused_but_never_crashes()
    {
        var file = OnnxExport.Write(RandomModel.Model(hidden: 2), OnnxForm.Naive);
        var random = new Random(4);
        for (var i = 0; i < 1_000; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[random.Next(file.Length)] = (byte)random.Next(256);
            var error = Record.Exception(() => TrmModel.Load(folder.Write("model.onnx", damaged)));
            Assert.True(error is null or TrmException, $"{error}");
        }
    }

    private static byte[] Graph(ProtobufWriter initializer) => new ProtobufWriter().Integer(1, 8).Message(7, new ProtobufWriter().Message(5, initializer)).ToArray();

    private void Refused(string name, byte[] file, string message) =>
        Assert.Contains(message, Assert.Throws<ModelFormatException>(() => TrmModel.Load(folder.Write(name, file))).Message, StringComparison.Ordinal);

    private void AssertSame(TrmModel loaded)
    {
        Assert.Equal((4, 2, FeatureSets.CausalV2, 8), (loaded.Info.RecursionCycles, loaded.Info.LatentSteps, loaded.Info.FeatureSet, loaded.Info.HiddenSize));
        Assert.Equal(model.Normalization.Mean, loaded.Normalization.Mean);
        Assert.Equal(model.Normalization.Std, loaded.Normalization.Std);
        Assert.All(model.Weights.InOrder(), t => Assert.Equal(t.Tensor.Data, loaded.Weights[t.Name].Data));
    }
}
