using System.Globalization;
using System.Text.Json;
using Trm.Cli.Benchmarks.Inference.Machine;

namespace Trm.Cli.Benchmarks.Inference.Report;

/// <summary>The report for machines: SI units, null for what was not measured.</summary>
internal static class ReportJson
{
    public static void Write(Utf8JsonWriter json, InferenceReport report)
    {
        json.WriteStartObject();
        json.WriteString("date", report.Date.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteNumber("seconds", report.Elapsed.TotalSeconds);
        json.WriteNumber("rounds", report.Rounds);
        WriteMachine(json, report.Machine);
        WriteModel(json, report);
        WriteFloors(json, report);
        json.WriteStartArray("results");
        foreach (var result in report.Results) WriteResult(json, result);
        json.WriteEndArray();
        json.WriteStartArray("skipped");
        foreach (var dropout in report.Dropouts)
        {
            json.WriteStartObject();
            json.WriteString("name", dropout.Name);
            json.WriteString("reason", dropout.Reason);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A format's name in reports.</summary>
    public static string Name(WeightFormat format) => format switch
    {
        WeightFormat.Fp32 => "fp32",
        WeightFormat.Int16 => "int16",
        WeightFormat.Int8 => "int8",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
    };

    private static void WriteMachine(Utf8JsonWriter json, MachineDescription machine)
    {
        json.WriteStartObject("machine");
        json.WriteString("processor", machine.Processor);
        json.WriteNumber("cores", machine.Cores);
        json.WriteString("vectors", machine.Vectors);
        json.WriteString("runtime", machine.Runtime);
        json.WriteString("system", machine.System);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, InferenceReport report)
    {
        json.WriteStartObject("model");
        json.WriteString("version", report.Model.Version);
        json.WriteNumber("hidden_size", report.Model.HiddenSize);
        json.WriteNumber("recursion_cycles", report.Model.RecursionCycles);
        json.WriteNumber("latent_steps", report.Model.LatentSteps);
        json.WriteNumber("multiply_adds", report.Work.MultiplyAdds);
        json.WriteEndObject();
    }

    private static void WriteFloors(Utf8JsonWriter json, InferenceReport report)
    {
        json.WriteStartObject("floors");
        foreach (var floor in report.Floors)
        {
            json.WriteStartObject(Name(floor.Format));
            json.WriteNumber("multiply_adds_per_second", floor.PeakMultiplyAdds);
            json.WriteNumber("read_bytes_per_second", floor.ReadBytes);
            json.WriteNumber("read_buffer_bytes", (long)(report.Work.StepWeights * floor.WeightBytes));
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, CellResult result)
    {
        json.WriteStartObject();
        json.WriteString("name", result.Name);
        json.WriteString("version", result.Version);
        json.WriteString("format", Name(result.Format));
        json.WriteNumber("batch", result.Batch);
        json.WriteNumber("threads", result.Threads);
        json.WriteNumber("calls", result.Calls);
        json.WriteNumber("minimum_seconds", result.Minimum);
        json.WriteNumber("median_seconds", result.Median);
        json.WriteNumber("p99_seconds", result.P99);
        json.WriteNumber("predictions_per_second", result.PredictionsPerSecond);
        WriteNumber(json, "probability_error", result.Error.Probability);
        WriteNumber(json, "halt_error", result.Error.Halt);
        WriteNumber(json, "latency_to_onnxruntime", result.LatencyToYardstick);
        WriteNumber(json, "throughput_to_onnxruntime", result.ThroughputToYardstick);
        WriteNumber(json, "to_floor", result.ToFloor);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
