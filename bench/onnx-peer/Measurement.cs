using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Bench.OnnxPeer;

/// <summary>Runs an engine as a request asks.</summary>
internal static class Measurement
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>The line that answers a line: the seconds of each run, or what is wrong.</summary>
    public static string Answer(IInferenceEngine engine, string line)
    {
        try
        {
            var request = JsonSerializer.Deserialize<Request>(line, Json) ?? throw new InvalidDataException("the request is null; it must be an object");
            if (request.Batch < 1 || request.Repeats < 1)
                throw new InvalidDataException($"batch is {request.Batch} and repeats is {request.Repeats}; both must be 1 or more");
            return Reply.Seconds(Run(engine, request));
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or IOException or UnauthorizedAccessException or TrmException)
        {
            return Reply.Error(error.Message);
        }
    }

    private static double[] Run(IInferenceEngine engine, Request request)
    {
        var bytes = File.ReadAllBytes(request.Inputs);
        var expected = (long)request.Batch * FeatureNames.Count * sizeof(float);
        if (bytes.Length != expected)
            throw new InvalidDataException($"{request.Inputs} has {bytes.Length} bytes; a batch of {request.Batch} has {expected}");
        var normalized = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        var probabilities = new float[request.Batch * Strategy.Count];
        var halt = new float[request.Batch];

        engine.Predict(normalized, probabilities, halt);
        var seconds = new double[request.Repeats];
        for (var i = 0; i < seconds.Length; i++)
        {
            var started = Stopwatch.GetTimestamp();
            engine.Predict(normalized, probabilities, halt);
            seconds[i] = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        Write(request.Outputs, probabilities, halt);
        return seconds;
    }

    private static void Write(string path, float[] probabilities, float[] halt)
    {
        var rows = new float[halt.Length * (Strategy.Count + 1)];
        for (var row = 0; row < halt.Length; row++)
        {
            probabilities.AsSpan(row * Strategy.Count, Strategy.Count).CopyTo(rows.AsSpan(row * (Strategy.Count + 1)));
            rows[row * (Strategy.Count + 1) + Strategy.Count] = halt[row];
        }
        File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(rows));
    }
}
