using System.Diagnostics;
using Trm.Inference.Export;

namespace Trm.Inference.Tests.Export;

/// <summary>The standard's own checker on the graphs; skipped with a word where Python's <c>onnx</c> is not installed.</summary>
public sealed class OnnxCheckerTests : IDisposable
{
    // Debian's packages belong to its own interpreter.
    private const string Interpreter = "/usr/bin/python3";

    private const string Script = """
        import sys
        try:
            import onnx
        except ImportError:
            sys.exit(77)
        model = onnx.load(sys.argv[1])
        onnx.checker.check_model(model, full_check=True)
        print(model.opset_import[0].version, [d.dim_param or d.dim_value for d in model.graph.output[0].type.tensor_type.shape.dim])
        """;

    private const int NoOnnx = 77;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(OnnxForm.Hoisted, OnnxPrecision.Fp32)]
    [InlineData(OnnxForm.Hoisted, OnnxPrecision.Int8)]
    [InlineData(OnnxForm.Naive, OnnxPrecision.Fp32)]
    [InlineData(OnnxForm.Naive, OnnxPrecision.Int8)]
    public async Task Onnx_checker_accepts_the_graph_and_infers_its_shapes(OnnxForm form, OnnxPrecision precision)
    {
        Assert.SkipUnless(File.Exists(Interpreter), "no Python on this machine");
        var path = folder.Write("model.onnx", OnnxExport.Write(RandomModel.Model(hidden: 8, cycles: 3, steps: 6), form, precision));

        var start = new ProcessStartInfo(Interpreter, ["-c", Script, path]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.SkipWhen(process.ExitCode == NoOnnx, "Python's onnx is not installed");
        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal("17 ['batch', 8]", output.Trim());
    }
}
