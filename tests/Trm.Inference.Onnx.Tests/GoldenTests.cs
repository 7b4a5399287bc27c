using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Export;
using Trm.Inference.Packages;
using Trm.Tests;

namespace Trm.Inference.Onnx.Tests;

/// <summary>
/// ONNX Runtime against what the original model answered. It sums in another order than PyTorch does, and the runs'
/// differences are written to the output: 1e-7 to 7e-7 where this was made.
/// </summary>
public sealed class GoldenTests
{
    private const double Tolerance = 2e-6;

    [Theory]
    [InlineData(OnnxForm.Hoisted)]
    [InlineData(OnnxForm.Naive)]
    public void Every_golden_case_of_the_shipped_model_agrees(OnnxForm form)
    {
        var folder = Path.Combine(SharedData.RepositoryRoot, "model", "us-equities");

        Verify(TrmModel.Load(folder), Path.Combine(folder, GoldenFile.FileName), form);
    }

    [Theory]
    [InlineData("trm-512.pt", "trm-512.golden.json", null, null, OnnxForm.Hoisted)]
    [InlineData("trm-512.pt", "trm-512.golden.json", null, null, OnnxForm.Naive)]
    [InlineData("trm-128-bare.pkl", "trm-128.golden.json", 2, 4, OnnxForm.Hoisted)]
    [InlineData("trm-128-bare.pkl", "trm-128.golden.json", 2, 4, OnnxForm.Naive)]
    public void Every_golden_case_of_the_original_model_agrees(string checkpoint, string golden, int? cycles, int? steps, OnnxForm form)
    {
        var model = TrmModel.Load(SharedData.File(checkpoint), new ModelLoadOptions { RecursionCycles = cycles, LatentSteps = steps });

        Verify(model, SharedData.File(golden), form);
    }

    private static void Verify(TrmModel model, string goldenPath, OnnxForm form)
    {
        var golden = ModelFile.ReadJson<GoldenFile>(goldenPath);
        golden.CheckAgainst(model.Info);
        using var engine = Engines.Cpu(model, form);
        foreach (var batch in new[] { 1, 3, 64 })
        {
            var worst = golden.Cases.Chunk(batch).Max(cases => Difference(engine, cases));
            TestContext.Current.TestOutputHelper?.WriteLine($"{model.Info.Name} {form} batch {batch}: largest difference {worst:0.0e+0}");
            Assert.InRange(worst, 0, Tolerance);
        }
    }

    private static double Difference(OnnxEngine engine, GoldenFile.Case[] cases)
    {
        var (probabilities, halt) = Engines.Run(engine, [.. cases.SelectMany(c => c.Normalized).Select(v => (float)v)]);
        var worst = 0.0;
        for (var row = 0; row < cases.Length; row++)
        {
            for (var i = 0; i < Strategy.Count; i++) worst = Math.Max(worst, Math.Abs(cases[row].Probabilities[i] - probabilities[row * Strategy.Count + i]));
            worst = Math.Max(worst, Math.Abs(cases[row].HaltProbability - halt[row]));
        }
        return worst;
    }
}
