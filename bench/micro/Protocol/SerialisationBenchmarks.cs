using BenchmarkDotNet.Attributes;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Bench.Micro.Protocol;

/// <summary>A prediction's bytes: the message that all connections share, and its data as REST and SSE send it.</summary>
public class SerialisationBenchmarks
{
    private readonly Prediction prediction = SamplePrediction.Make(Guid.Empty, 17);

    [Benchmark(Baseline = true)]
    public byte[] Message() => PredictionJson.Message(prediction);

    [Benchmark]
    public byte[] Data() => PredictionJson.Data(prediction);
}
