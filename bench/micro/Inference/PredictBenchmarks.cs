using BenchmarkDotNet.Attributes;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference;
using Trm.Inference.Engine;

namespace Trm.Bench.Micro.Inference;

/// <summary>A batch through the engine, in each precision. Nothing may be allocated.</summary>
public class PredictBenchmarks
{
    private IInferenceEngine fp32 = null!;
    private IInferenceEngine int16 = null!;
    private float[] inputs = [];
    private float[] probabilities = [];
    private float[] halt = [];

    [Params(1, 8, 64)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var model = TrmModel.Load(Path.Combine(AppContext.BaseDirectory, "model"));
        fp32 = ManagedEngines.Create(model, Precision.Fp32);
        int16 = ManagedEngines.Create(model, Precision.Int16);
        inputs = [.. Enumerable.Range(0, Batch * FeatureNames.Count).Select(i => (float)Math.Sin(i))];
        probabilities = new float[Batch * Strategy.Count];
        halt = new float[Batch];
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        fp32.Dispose();
        int16.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void Fp32() => fp32.Predict(inputs, probabilities, halt);

    [Benchmark]
    public void Int16() => int16.Predict(inputs, probabilities, halt);
}
