using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Trm.Core.Predictions;
using Trm.Inference.Tests;
using Trm.Tests;

namespace Trm.Inference.Onnx.Tests.Peer;

/// <summary>The benchmark's peer as a process of its own, the way the benchmark starts it.</summary>
public sealed class PeerTests : IDisposable
{
    private static readonly string Model = Path.Combine(SharedData.RepositoryRoot, "model", "us-equities");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("fp32", 2e-6)]
    [InlineData("int8", 0.05)]
    public async Task It_answers_each_request_with_times_and_outputs(string precision, double tolerance)
    {
        var input = RandomModel.Inputs(3);
        var inputs = folder.Write("in.f32", MemoryMarshal.AsBytes<float>(input).ToArray());
        var outputs = Path.Combine(folder.Path, "out.f32");

        var (code, lines) = await RunAsync(
            ["--model", Model, "--form", "hoisted", "--precision", precision, "--threads", "1"],
            Line(new { batch = 3, repeats = 4, inputs, outputs }),
            Line(new { batch = 2, repeats = 4, inputs, outputs }),
            "{ not json",
            Line(new { batch = 3, repeats = 1, inputs, outputs }));

        Assert.Equal(0, code);
        Assert.Equal(5, lines.Count);
        Assert.True((bool)lines[0]["ready"]!);
        Assert.Equal($"onnxruntime {precision} hoisted", (string)lines[0]["name"]!);
        Assert.Equal(OnnxEngine.RuntimeVersion, (string)lines[0]["version"]!);
        Assert.Equal(4, lines[1]["seconds"]!.AsArray().Count);
        Assert.All(lines[1]["seconds"]!.AsArray(), seconds => Assert.True((double)seconds! > 0));
        Assert.Contains("a batch of 2 has 80", (string)lines[2]["error"]!, StringComparison.Ordinal);
        Assert.NotNull(lines[3]["error"]);
        Assert.Single(lines[4]["seconds"]!.AsArray());

        using var engine = Engines.Cpu(TrmModel.Load(Model));
        var (probabilities, halt) = Engines.Run(engine, input);
        var answered = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(outputs)).ToArray();
        Assert.Equal(3 * 9, answered.Length);
        for (var row = 0; row < 3; row++)
        {
            for (var i = 0; i < Strategy.Count; i++) Assert.Equal(probabilities[row * Strategy.Count + i], answered[row * 9 + i], tolerance);
            Assert.Equal(halt[row], answered[row * 9 + 8], tolerance);
        }
    }

    [Theory]
    [InlineData("--model", "absent", "absent")]
    [InlineData("--threads", "0", "IntraOpThreads is 0")]
    public async Task What_it_cannot_run_is_a_reason_and_exit_code_1(string option, string value, string reason)
    {
        var (code, lines) = await RunAsync(option == "--model" ? [option, value] : ["--model", Model, option, value]);

        Assert.Equal(1, code);
        var line = Assert.Single(lines);
        Assert.False((bool)line["ready"]!);
        Assert.Contains(reason, (string)line["reason"]!, StringComparison.Ordinal);
    }

    private static string Line(object request) => JsonSerializer.Serialize(request);

    private static async Task<(int Code, List<JsonNode> Lines)> RunAsync(string[] arguments, params string[] requests)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Trm.Bench.OnnxPeer.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var peer = Process.Start(start)!;
        foreach (var request in requests) await peer.StandardInput.WriteLineAsync(request);
        peer.StandardInput.Close();
        var output = await peer.StandardOutput.ReadToEndAsync();
        await peer.WaitForExitAsync();
        return (peer.ExitCode, [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)]);
    }
}
