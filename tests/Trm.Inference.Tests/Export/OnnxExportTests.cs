using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Checkpoints;
using Trm.Inference.Export;
using Trm.Inference.Tests.Engine;

namespace Trm.Inference.Tests.Export;

public sealed class OnnxExportTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<OnnxForm, int, int, int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<OnnxForm, int, int, int, int>();
            foreach (var form in Enum.GetValues<OnnxForm>())
            {
                shapes.Add(form, 2, 1, 1, 1);
                shapes.Add(form, 6, 2, 3, 5);
                shapes.Add(form, 8, 3, 0, 2);
                shapes.Add(form, 10, 1, 4, 3);
                shapes.Add(form, 34, 2, 2, 4);
            }
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void The_graph_computes_the_formulas(OnnxForm form, int hidden, int cycles, int steps, int batch)
    {
        var model = RandomModel.Model(hidden, cycles, steps, seed: hidden + batch);
        var input = RandomModel.Inputs(batch);

        var (probabilities, halt) = new GraphInterpreter(OnnxExport.Write(model, form)).Run(input);

        Compare(model, input, probabilities, halt, 1e-6);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Its_int8_variant_computes_nearly_the_same(OnnxForm form, int hidden, int cycles, int steps, int batch)
    {
        var model = RandomModel.Model(hidden, cycles, steps, seed: hidden + batch);
        var input = RandomModel.Inputs(batch);

        var (probabilities, halt) = new GraphInterpreter(OnnxExport.Write(model, form, OnnxPrecision.Int8)).Run(input);

        Compare(model, input, probabilities, halt, 0.1);
        if (cycles * steps > 0) Assert.NotEqual(new GraphInterpreter(OnnxExport.Write(model, form)).Run(input).Halt, halt);
    }

    [Theory]
    [InlineData(OnnxForm.Hoisted, OnnxPrecision.Fp32)]
    [InlineData(OnnxForm.Hoisted, OnnxPrecision.Int8)]
    [InlineData(OnnxForm.Naive, OnnxPrecision.Fp32)]
    [InlineData(OnnxForm.Naive, OnnxPrecision.Int8)]
    public void A_step_more_costs_nodes_and_no_weights(OnnxForm form, OnnxPrecision precision)
    {
        var few = new GraphInterpreter(OnnxExport.Write(RandomModel.Model(cycles: 2, steps: 1), form, precision));
        var many = new GraphInterpreter(OnnxExport.Write(RandomModel.Model(cycles: 3, steps: 4), form, precision));

        Assert.Equal(few.Constants, many.Constants);
        Assert.True(many.Nodes.Count > 5 * few.Nodes.Count / 2);
    }

    [Fact]
    public void The_hoisted_form_multiplies_y_and_z_only_and_nothing_that_is_zero()
    {
        const int Hidden = 8, Steps = 6;
        var hoisted = new GraphInterpreter(OnnxExport.Write(RandomModel.Model(Hidden, 2, 3)));
        var naive = new GraphInterpreter(OnnxExport.Write(RandomModel.Model(Hidden, 2, 3), OnnxForm.Naive));

        Assert.Equal(Steps - 1 + Steps - 1, hoisted.Nodes.Count(node => node.Type == "Concat"));
        Assert.All(hoisted.Nodes.Where(node => node.Type == "Concat"), node => Assert.Equal(2, node.Inputs.Count));
        Assert.Equal(Steps, naive.Nodes.Count(node => node.Type == "Concat" && node.Inputs.Count == 3));
        // The first step has no first product of its own; beside the steps: the input's part, the head, halt's two.
        Assert.Equal(4 * Steps - 1 + 4, hoisted.Nodes.Count(node => node.Type == "Gemm"));
        Assert.Equal(4 * Steps + 4, naive.Nodes.Count(node => node.Type == "Gemm"));
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        Assert.Equal(OnnxExport.Write(RandomModel.Model()), OnnxExport.Write(RandomModel.Model()));
        Assert.NotEqual(OnnxExport.Write(RandomModel.Model()), OnnxExport.Write(RandomModel.Model(seed: 2)));
    }

    [Fact]
    public void It_says_its_opset_its_shapes_and_which_model_it_is()
    {
        var model = RandomModel.Model();
        var file = new GraphInterpreter(OnnxExport.Write(model));

        Assert.Equal(17, file.Model.Message(8).Integer(2));
        Assert.Equal("normalized: batch, 10", Describe(file.Graph.Message(11)));
        Assert.Equal(["probabilities: batch, 8", "halt: batch, 1"], file.Graph.Messages(12).Select(Describe));
        var metadata = file.Model.Messages(14).ToDictionary(entry => entry.Text(1), entry => entry.Text(2));
        Assert.Equal(model.Info.Version, metadata["trm.model_version"]);
        Assert.Equal(FeatureSets.CausalV2, metadata["trm.feature_set"]);
        Assert.Equal(string.Join(',', FeatureNames.All), metadata["trm.feature_names"]);
        Assert.Equal(RandomModel.Std, metadata["trm.normalization_std"].Split(',').Select(double.Parse));
        Assert.Equal(("hoisted", "fp32"), (metadata["trm.form"], metadata["trm.precision"]));
    }

    [Fact]
    public void A_file_is_written_once_and_never_over_another()
    {
        var path = Path.Combine(folder.Path, "model.onnx");

        var bytes = Written();
        Assert.Equal(new FileInfo(path).Length, bytes);
        var before = File.ReadAllBytes(path);
        var error = Assert.Throws<TrmException>(() => Written());

        Assert.Equal("model_export", error.Code);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));

        int Written() => OnnxExport.WriteFile(path, RandomModel.Model());
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var error = Assert.Throws<TrmException>(() => OnnxExport.WriteFile(Path.Combine(folder.Path, "absent/model.onnx"), RandomModel.Model()));

        Assert.Equal("model_export", error.Code);
        Assert.Contains(Path.Combine(folder.Path, "absent"), error.Message, StringComparison.Ordinal);
    }

    private static string Describe(ProtobufReader value)
    {
        var tensor = value.Message(2).Message(1);
        Assert.Equal(1, tensor.Integer(1));
        return $"{value.Text(1)}: {string.Join(", ", tensor.Message(2).Messages(1).Select(axis => axis.Has(2) ? axis.Text(2) : $"{axis.Integer(1)}"))}";
    }

    private static void Compare(TrmModel model, float[] input, double[] probabilities, double[] halt, double tolerance)
    {
        var reference = new ReferenceModel(model.Weights, model.Info.RecursionCycles, model.Info.LatentSteps);
        Assert.Equal(input.Length / FeatureNames.Count, halt.Length);
        for (var row = 0; row < halt.Length; row++)
        {
            var expected = reference.Predict(input.AsSpan(row * FeatureNames.Count, FeatureNames.Count));
            for (var i = 0; i < Strategy.Count; i++) Assert.Equal(expected.Probabilities[i], probabilities[row * Strategy.Count + i], tolerance);
            Assert.Equal(expected.Halt, halt[row], tolerance);
        }
    }
}
