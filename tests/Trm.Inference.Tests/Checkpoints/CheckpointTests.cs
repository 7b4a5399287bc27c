using System.IO.Compression;
using System.Text;
using Trm.Core.Features;

namespace Trm.Inference.Tests.Checkpoints;

public sealed class CheckpointTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<(string Name, int[] Shape, float[] Data)> tensors = RandomModel.Tensors(6);

    public CheckpointTests() => folder.Write("normalization.json", RandomModel.NormalizationJson());

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_bare_state_dict_loads_with_the_defaults()
    {
        var model = Load(new PickleBuilder().StateDict(tensors).Stop());

        Assert.Equal((6, 3, 6), (model.Info.HiddenSize, model.Info.RecursionCycles, model.Info.LatentSteps));
        Assert.Equal(FeatureSets.LegacyV1, model.Info.FeatureSet);
        Assert.Equal(tensors.Sum(t => t.Data.Length), model.Info.Parameters);
        Assert.Matches("^model@[0-9a-f]{12}$", model.Info.Version);
        Assert.All(tensors, t => Assert.Equal(t.Data, model.Weights[t.Name].Data));
    }

    [Theory]
    [InlineData("model_state_dict", "")]
    [InlineData("state_dict", "module.")]
    public void A_wrapper_gives_its_state_dict_and_its_T_and_n(string key, string prefix)
    {
        var pickle = new PickleBuilder().Op('}').Op('(').Text("epoch").Int(3)
            .Text(key).StateDict(tensors, prefix).Text("hyperparameters").Op('}').Op('(').Text("T").Int(2).Text("n").Int(4).Op('u').Op('u').Stop();

        var model = Load(pickle);

        Assert.Equal((2, 4), (model.Info.RecursionCycles, model.Info.LatentSteps));
        Assert.Equal(tensors[0].Data, model.Weights["input_proj.weight"].Data);
    }

    [Fact]
    public void T_and_n_come_from_the_options_or_else_from_the_normalisation_file()
    {
        folder.Write("normalization.json", RandomModel.NormalizationJson(json => (json["recursion_cycles"], json["latent_steps"]) = (5, 2)));
        var pickle = new PickleBuilder().StateDict(tensors).Stop();

        Assert.Equal((5, 2), (Load(pickle).Info.RecursionCycles, Load(pickle).Info.LatentSteps));
        Assert.Equal(4, Load(pickle, new ModelLoadOptions { LatentSteps = 4 }).Info.LatentSteps);
    }

    [Fact]
    public void A_strided_view_is_read_as_it_is_meant()
    {
        // input_proj.weight saved as the transpose of a [10, 6] storage.
        var (name, shape, data) = tensors[0];
        var transposed = new float[data.Length];
        for (var row = 0; row < shape[0]; row++)
        {
            for (var column = 0; column < shape[1]; column++) transposed[column * shape[0] + row] = data[row * shape[1] + column];
        }
        var builder = new PickleBuilder().Op('}').Op('(').Text(name).Tensor("0", data.Length, [shape[0], shape[1]], [1, shape[0]]);
        for (var i = 1; i < tensors.Count; i++) builder.Text(tensors[i].Name).Tensor($"{i}", tensors[i].Data.Length, [.. tensors[i].Shape.Select(a => (long)a)]);

        var model = LoadFile(PickleBuilder.Zip(builder.Op('u').Stop(), [(name, shape, transposed), .. tensors.Skip(1)]));

        Assert.Equal(data, model.Weights[name].Data);
    }

    [Theory]
    [InlineData("HalfStorage")]
    [InlineData("BFloat16Storage")]
    [InlineData("DoubleStorage")]
    public void Other_precisions_become_fp32(string type)
    {
        var builder = new PickleBuilder().Op('}').Op('(');
        List<(string, byte[])> entries = [];
        foreach (var (t, i) in tensors.Select((t, i) => (t, i)))
        {
            builder.Text(t.Name).Tensor($"{i}", t.Data.Length, [.. t.Shape.Select(a => (long)a)], type: type);
            entries.Add(($"data/{i}", [.. t.Data.SelectMany(v => type switch
            {
                "HalfStorage" => BitConverter.GetBytes((Half)v),
                "BFloat16Storage" => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)),
                _ => BitConverter.GetBytes((double)v),
            })]));
        }

        var model = LoadFile(PickleBuilder.Zip([("data.pkl", builder.Op('u').Stop()), .. entries]));

        Assert.All(tensors, t => Assert.All(t.Data.Zip(model.Weights[t.Name].Data), pair => Assert.Equal(pair.First, pair.Second, 0.01f)));
    }

    [Fact]
    public void The_version_changes_with_the_weights_and_with_the_normalisation_and_with_nothing_else()
    {
        var pickle = new PickleBuilder().StateDict(tensors).Stop();
        var version = Load(pickle).Info.Version;
        var wrapped = Load(new PickleBuilder().Op('}').Op('(').Text("model_state_dict").StateDict(tensors).Op('u').Stop()).Info.Version;
        tensors[3].Data[0] += 1e-6f;
        var otherWeights = Load(pickle).Info.Version;
        tensors[3].Data[0] -= 1e-6f;
        folder.Write("normalization.json", RandomModel.NormalizationJson(json => json["std"] = RandomModel.Std.Select(s => s * 2)));
        var otherNormalization = Load(pickle).Info.Version;

        Assert.Equal(version, wrapped);
        Assert.Equal(3, new[] { version, otherWeights, otherNormalization }.Distinct().Count());
    }

    [Fact]
    public void What_is_wrong_with_the_tensors_is_said_by_name()
    {
        AssertRefused("tensor 'halt_layer2.bias' is missing", tensors.Where(t => t.Name != "halt_layer2.bias"));
        AssertRefused("tensor 'extra.weight' is not part", [.. tensors, ("extra.weight", [2], new float[2])]);
        AssertRefused("tensor 'norm_output.bias' has shape [5]; it must be [6]", tensors.Select(t => t.Name == "norm_output.bias" ? (t.Name, [5], new float[5]) : t));
        AssertRefused("takes 11 features", tensors.Select(t => t.Name == "input_proj.weight" ? (t.Name, [6, 11], new float[66]) : t));
        AssertRefused("hidden size 7", tensors.Select(t => t.Name == "input_proj.weight" ? (t.Name, [7, 10], new float[70]) : t));
        tensors[5].Data[0] = float.NaN;
        AssertRefused($"tensor '{tensors[5].Name}' holds NaN", tensors);
    }

    [Fact]
    public void Hostile_and_damaged_archives_are_one_clear_error()
    {
        var pickle = new PickleBuilder().StateDict(tensors).Stop();
        var good = PickleBuilder.Zip(pickle, tensors);

        AssertRefused("refused: os.system", PickleBuilder.Zip(new PickleBuilder().Global("os", "system").Stop()));
        AssertRefused("refused: os.system", Encoding.ASCII.GetBytes("cos\nsystem\n(S'id'\ntR."));
        AssertRefused("the file is empty", Array.Empty<byte>());
        AssertRefused("not the zip that torch.save writes", "hello"u8.ToArray());
        AssertRefused("damaged or cut short", good[..(good.Length / 2)]);
        AssertRefused("has no data.pkl", PickleBuilder.Zip([("version", "3"u8.ToArray())]));
        AssertRefused("has no data/0", PickleBuilder.Zip(pickle));
        AssertRefused("is compressed", PickleBuilder.Zip([("data.pkl", pickle)], CompressionLevel.Optimal));
        AssertRefused("storage 0 has 8 bytes", PickleBuilder.Zip([("data.pkl", pickle), ("data/0", new byte[8])]));
        AssertRefused("big-endian", PickleBuilder.Zip([("data.pkl", pickle), ("byteorder", "big"u8.ToArray())]));
        AssertRefused("no state dict; it has epoch", PickleBuilder.Zip(new PickleBuilder().Op('}').Text("epoch").Int(1).Op('s').Stop()));
        AssertRefused("no dictionary", PickleBuilder.Zip(new PickleBuilder().Op('N').Stop()));
        AssertRefused("plain pickle", new PickleBuilder().Op('}').Stop());
    }

    [Fact]
    public void An_archive_with_any_bytes_changed_is_read_or_refused_but_never_crashes()
    {
        var good = PickleBuilder.Zip(new PickleBuilder().StateDict(tensors).Stop(), tensors);
        var random = new Random(5);
        for (var i = 0; i < 400; i++)
        {
            // Every other time where the zip keeps its directory.
            var damaged = (byte[])good.Clone();
            var first = i % 2 == 0 ? 0 : good.Length - 1500;
            for (var j = 0; j < 4; j++) damaged[random.Next(first, damaged.Length)] = (byte)random.Next(256);
            var error = Record.Exception(() => LoadFile(damaged));
            Assert.True(error is null or ModelFormatException, $"{error}");
        }
    }

    [Theory]
    [InlineData("std of vix is 0", "std", 0.0)]
    [InlineData("std of vix is -1", "std", -1.0)]
    [InlineData("std of vix is Infinity", "std", double.PositiveInfinity)]
    public void A_normalisation_that_cannot_be_is_refused(string message, string key, double value)
    {
        folder.Write("normalization.json", RandomModel.NormalizationJson(json => json[key] = (double[])[double.IsFinite(value) ? value : 12345, .. RandomModel.Std[1..]]).Replace("12345", "1e999", StringComparison.Ordinal));

        AssertRefused(message, tensors);
    }

    [Fact]
    public void Feature_names_in_another_order_or_number_are_refused()
    {
        folder.Write("normalization.json", RandomModel.NormalizationJson(json => json["feature_names"] = FeatureNames.All.Reverse()));
        AssertRefused("feature 0 is 'signal_quality'; it must be 'vix'", tensors);
        folder.Write("normalization.json", RandomModel.NormalizationJson(json => json["mean"] = RandomModel.Mean[1..]));
        AssertRefused("9 means; there must be 10", tensors);
        folder.Write("normalization.json", """{"mean":[NaN],"std":[1]}""");
        AssertRefused("normalization.json is not what it must be", tensors);
        folder.Write("normalization.json", """{"mean":[1]}""");
        AssertRefused("std", tensors);
    }

    [Fact]
    public void Missing_files_and_unclear_ones_say_what_to_do()
    {
        var path = folder.Write("model.pt", PickleBuilder.Zip(new PickleBuilder().StateDict(tensors).Stop(), tensors));
        Assert.Contains("there is no model package folder or checkpoint file", Assert.Throws<ModelNotFoundException>(() => TrmModel.Load(path + "x")).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<ModelNotFoundException>(() => TrmModel.Load(path, "nowhere.json")).Message, StringComparison.Ordinal);

        File.Delete(Path.Combine(folder.Path, "normalization.json"));
        Assert.Contains("--normalization", Assert.Throws<ModelNotFoundException>(() => TrmModel.Load(path)).Message, StringComparison.Ordinal);
        folder.Write("old-normalization.json", RandomModel.NormalizationJson());
        Assert.Equal("model", TrmModel.Load(path).Info.Name);
        folder.Write("new-normalization.json", RandomModel.NormalizationJson());
        Assert.Contains("2 normalisation files", Assert.Throws<ModelNotFoundException>(() => TrmModel.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "causal-v2", "recursion_cycles is 0")]
    [InlineData(1, -1, "causal-v2", "latent_steps is -1")]
    [InlineData(1000, 1000, "causal-v2", "more than 10000 steps")]
    [InlineData(1, 1, "causal-v9", "feature set 'causal-v9' is not known")]
    public void Options_that_make_no_sense_are_refused(int cycles, int steps, string featureSet, string message)
    {
        var options = new ModelLoadOptions { RecursionCycles = cycles, LatentSteps = steps, FeatureSet = featureSet };

        var error = Assert.Throws<ModelFormatException>(() => Load(new PickleBuilder().StateDict(tensors).Stop(), options));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private void AssertRefused(string message, IEnumerable<(string Name, int[] Shape, float[] Data)> changed)
    {
        var list = changed.ToList();
        AssertRefused(message, PickleBuilder.Zip(new PickleBuilder().StateDict(list).Stop(), list));
    }

    private void AssertRefused(string message, byte[] file)
    {
        var error = Assert.Throws<ModelFormatException>(() => LoadFile(file));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("model.pt: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    private TrmModel Load(byte[] pickle, ModelLoadOptions? options = null) => LoadFile(PickleBuilder.Zip(pickle, tensors), options);

    private TrmModel LoadFile(byte[] file, ModelLoadOptions? options = null) =>
        TrmModel.Load(folder.Write("model.pt", file), options ?? new ModelLoadOptions());
}
