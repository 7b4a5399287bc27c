using System.Text.Json;
using Trm.Cli.Benchmarks.Inference;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Reference;
using Trm.Cli.Benchmarks.Inference.Report;
using Trm.Core.Predictions;

namespace Trm.Cli.Tests.Benchmarks.Inference.Report;

public sealed class ReportTests
{
    private static readonly CellResult Engine = new()
    {
        Name = "managed fp32", Version = "managed fp32 avx512", Format = WeightFormat.Fp32, Batch = 1, Threads = 2, Calls = 40,
        Minimum = 0.0012, Median = 0.0013, P99 = 0.002, PredictionsPerSecond = 1600.4, Error = new AnswerError(1.5e-7, 2e-7),
        LatencyToYardstick = 0.8, ThroughputToYardstick = 1.25, ToFloor = 1.1,
    };

    private static readonly CellResult Peer = Engine with
    {
        Name = "peer", Format = WeightFormat.Int8, Error = new AnswerError(double.NaN, 0), LatencyToYardstick = null, ThroughputToYardstick = null, ToFloor = null,
    };

    private static readonly InferenceReport Report = new()
    {
        Date = new DateTimeOffset(2026, 1, 5, 21, 30, 0, TimeSpan.Zero),
        Elapsed = TimeSpan.FromSeconds(12.5),
        Rounds = 3,
        Machine = new MachineDescription("Zen 4", 2, "AVX-512", ".NET 10.0.0", "Linux"),
        Model = new ModelInfo { Name = "m", Version = "m-1", FeatureSet = "causal-v2", HiddenSize = 512, RecursionCycles = 3, LatentSteps = 6, Parameters = 1 },
        Work = new ModelWork(512, 18),
        Floors = [new FormatFloor(WeightFormat.Fp32, 4, 60e9, 100e9), new FormatFloor(WeightFormat.Int16, 1.5, 90e9, 110e9)],
        Results = [Engine, Peer],
        Dropouts = [new Dropout("PyTorch fp32", "python3 is not there")],
    };

    [Fact]
    public void Json_has_every_figure_in_SI_units_and_null_for_what_was_not_measured()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer)) ReportJson.Write(writer, Report);
        var json = JsonSerializer.Deserialize<JsonElement>(buffer.ToArray());

        Assert.Equal(["date", "seconds", "rounds", "machine", "model", "floors", "results", "skipped"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("2026-01-05T21:30:00Z", json.GetProperty("date").GetString());
        Assert.Equal(100e9, json.GetProperty("floors").GetProperty("fp32").GetProperty("read_bytes_per_second").GetDouble());
        Assert.Equal(6 * 512 * 512 * 3 / 2, json.GetProperty("floors").GetProperty("int16").GetProperty("read_buffer_bytes").GetInt64());
        Assert.Equal(
            """{"name":"managed fp32","version":"managed fp32 avx512","format":"fp32","batch":1,"threads":2,"calls":40,"minimum_seconds":0.0012,"median_seconds":0.0013,"p99_seconds":0.002,"predictions_per_second":1600.4,"probability_error":1.5E-07,"halt_error":2E-07,"latency_to_onnxruntime":0.8,"throughput_to_onnxruntime":1.25,"to_floor":1.1}""",
            json.GetProperty("results")[0].GetRawText());
        var peer = json.GetProperty("results")[1];
        foreach (var name in (string[])["probability_error", "latency_to_onnxruntime", "throughput_to_onnxruntime", "to_floor"])
        {
            Assert.Equal(JsonValueKind.Null, peer.GetProperty(name).ValueKind);
        }
        Assert.Equal("""[{"name":"PyTorch fp32","reason":"python3 is not there"}]""", json.GetProperty("skipped").GetRawText());
    }

    [Fact]
    public void Markdown_is_a_list_of_facts_a_table_and_a_line_for_each_peer_that_was_skipped()
    {
        var lines = Lines(markdown: true);

        Assert.Equal("- Zen 4, 2 cores, AVX-512; .NET 10.0.0; Linux", lines[0]);
        Assert.Equal("- fp32 on one core: 60.0 G multiply-adds/s, 100.0 GB/s over one step's weights: a prediction takes at least 1.107 ms alone and 0.461 ms in a large batch", lines[3]);
        var table = lines.Where(l => l.StartsWith('|')).Select(l => l.Split('|').Select(cell => cell.Trim()).ToArray()).ToArray();
        Assert.Equal(4, table.Length);
        Assert.All(table, row => Assert.Equal(table[0].Length, row.Length));
        Assert.Equal(["", "2", "1", "managed fp32", "1.200", "1.300", "2.000", "1600", "1.5e-7", "2.0e-7", "0.80", "1.25", "1.10", ""], table[2]);
        Assert.Equal(["NaN", "0.0e+0", "", "", "", ""], table[3][8..]);
        Assert.Equal("- PyTorch fp32: skipped: python3 is not there", lines[^1]);
    }

    [Fact]
    public void Text_lines_its_columns_up()
    {
        var lines = Lines(markdown: false);

        var header = Array.FindIndex(lines, l => l.StartsWith("threads", StringComparison.Ordinal));
        Assert.Equal(lines[header].IndexOf("engine", StringComparison.Ordinal), lines[header + 1].IndexOf("managed", StringComparison.Ordinal));
        Assert.Equal(lines[header].IndexOf("engine", StringComparison.Ordinal), lines[header + 2].IndexOf("peer", StringComparison.Ordinal));
        Assert.DoesNotContain('|', string.Concat(lines));
    }

    private static string[] Lines(bool markdown)
    {
        using var output = new StringWriter();
        ReportText.Write(output, Report, markdown);
        return output.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
