using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;
using Trm.Inference.Export;
using Trm.Inference.Tests;
using Trm.Inference.Tests.Engine;

namespace Trm.Inference.Onnx.Tests;

public sealed class OnnxEngineTests
{
    [Theory]
    [InlineData(OnnxForm.Hoisted, 2, 1, 1, 1)]
    [InlineData(OnnxForm.Hoisted, 6, 2, 3, 5)]
    [InlineData(OnnxForm.Hoisted, 8, 3, 0, 2)]
    [InlineData(OnnxForm.Hoisted, 34, 3, 2, 67)]
    [InlineData(OnnxForm.Hoisted, 128, 2, 4, 9)]
    [InlineData(OnnxForm.Naive, 2, 1, 1, 1)]
    [InlineData(OnnxForm.Naive, 6, 2, 3, 5)]
    [InlineData(OnnxForm.Naive, 8, 3, 0, 2)]
    [InlineData(OnnxForm.Naive, 34, 3, 2, 67)]
    [InlineData(OnnxForm.Naive, 128, 2, 4, 9)]
    public void A_model_exported_and_loaded_agrees_with_the_formulas_in_double_precision(OnnxForm form, int hidden, int cycles, int steps, int batch)
    {
        var model = RandomModel.Model(hidden, cycles, steps, seed: hidden + batch);
        var reference = new ReferenceModel(model.Weights, cycles, steps);
        var input = RandomModel.Inputs(batch);
        using var engine = Engines.Cpu(model, form);

        var (probabilities, halt) = Engines.Run(engine, input);

        for (var row = 0; row < batch; row++)
        {
            var expected = reference.Predict(input.AsSpan(row * FeatureNames.Count, FeatureNames.Count));
            for (var i = 0; i < Strategy.Count; i++) Assert.Equal(expected.Probabilities[i], probabilities[row * Strategy.Count + i], 3e-6);
            Assert.Equal(expected.Halt, halt[row], 3e-6);
        }
    }

    [Theory]
    [InlineData(OnnxForm.Hoisted)]
    [InlineData(OnnxForm.Naive)]
    public void Int8_is_near_and_is_not_the_same(OnnxForm form)
    {
        var model = RandomModel.Model(hidden: 64, cycles: 2, steps: 2);
        var input = RandomModel.Inputs(8);
        using var exact = Engines.Cpu(model, form);
        using var quantized = Engines.Cpu(model, form, OnnxPrecision.Int8);

        var (expected, _) = Engines.Run(exact, input);
        var (actual, _) = Engines.Run(quantized, input);

        Assert.InRange(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), 1e-7, 0.05);
        Assert.Equal("onnxruntime cpu int8", quantized.Name);
    }

    [Fact]
    public void Many_callers_at_once_get_their_own_answers()
    {
        using var engine = Engines.Cpu(RandomModel.Model(34, 2, 2));
        var inputs = Enumerable.Range(0, 24).Select(seed => RandomModel.Inputs(1 + seed % 11, seed)).ToList();
        var expected = inputs.Select(input => Engines.Run(engine, input)).ToList();

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var (probabilities, halt) = Engines.Run(engine, inputs[i % inputs.Count]);
            Assert.Equal(expected[i % inputs.Count].Probabilities, probabilities);
            Assert.Equal(expected[i % inputs.Count].Halt, halt);
        });
    }

    [Fact]
    public void Lengths_of_different_batches_are_refused_and_an_empty_batch_is_fine()
    {
        using var engine = Engines.Cpu(RandomModel.Model());

        engine.Predict([], [], []);

        Assert.Throws<ArgumentException>(() => engine.Predict(new float[20], new float[8], new float[1]));
        Assert.Throws<ArgumentException>(() => engine.Predict(new float[10], new float[7], new float[1]));
    }

    [Fact]
    public async Task Replaced_under_a_running_call_the_engine_ends_the_call_first()
    {
        var session = new FakeSession(OnnxProvider.Cpu) { Hold = true };
        var engine = new OnnxEngine(session, OnnxPrecision.Fp32);
        var call = Task.Run(() => engine.Predict(new float[10], new float[8], new float[1]));
        await session.Running;

        engine.Dispose();
        engine.Dispose();

        Assert.False(session.Disposed);
        Assert.Throws<ObjectDisposedException>(() => engine.Predict(new float[10], new float[8], new float[1]));
        session.Release();
        await call;
        Assert.True(session.Disposed);
    }

    [Fact]
    public void It_predicts_behind_the_predictor_as_the_managed_engine_does()
    {
        var model = RandomModel.Model(hidden: 16);
        using var engine = Engines.Cpu(model);

        var expected = new ManagedPredictor(model).Predict(RandomModel.Features);
        var actual = new ManagedPredictor(model, engine).Predict(RandomModel.Features);

        Assert.Equal(expected.Normalized, actual.Normalized);
        Assert.All(expected.Probabilities.Zip(actual.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
    }

    [Fact]
    public void Cuda_that_is_not_there_is_one_warning_and_the_same_answers()
    {
        var model = RandomModel.Model(hidden: 16);
        var warnings = new List<string>();
        using var engine = OnnxEngine.Create(model, new OnnxEngineOptions { Provider = OnnxProvider.Cuda, CudaGraphBatchSizes = [1, 8] }, warnings.Add);
        Assert.SkipWhen(engine.Provider == OnnxProvider.Cuda, "this machine has CUDA");

        Assert.Contains("CUDA is not available", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal("onnxruntime cpu fp32", engine.Name);
        using var cpu = Engines.Cpu(model);
        Assert.Equal(Engines.Run(cpu, RandomModel.Inputs(3)).Probabilities, Engines.Run(engine, RandomModel.Inputs(3)).Probabilities);
        TestContext.Current.TestOutputHelper?.WriteLine(warnings[0]);
    }

    [Theory]
    [InlineData(0, 0, 1, "IntraOpThreads is 0; it must be 1 to 256")]
    [InlineData(257, 0, 1, "IntraOpThreads is 257; it must be 1 to 256")]
    [InlineData(1, -1, 1, "Device is -1; it must be 0 or more")]
    [InlineData(1, 0, 0, "CudaGraphBatchSizes is 0; it must be 1 to 65536")]
    [InlineData(1, 0, 65_537, "CudaGraphBatchSizes is 65537; it must be 1 to 65536")]
    public void An_option_out_of_range_is_named_with_its_limits(int threads, int device, int graph, string message)
    {
        var options = new OnnxEngineOptions { IntraOpThreads = threads, Device = device, CudaGraphBatchSizes = [graph] };

        var error = Assert.Throws<TrmException>(() => OnnxEngine.Create(RandomModel.Model(), options));

        Assert.Equal(("onnx_options", message), (error.Code, error.Message));
    }
}
