using Trm.Inference;
using Trm.Tests;

namespace Trm.Inference.Tests;

public sealed class GoldenTests
{
    [Theory]
    [InlineData("trm-512.pt", "trm-512.golden.json", null, null, 512, 3, 6)]
    [InlineData("trm-128-bare.pkl", "trm-128.golden.json", 2, 4, 128, 2, 4)]
    public void Every_golden_case_of_the_original_model_agrees(
        string checkpoint, string golden, int? cycles, int? steps, int hidden, int expectedCycles, int expectedSteps)
    {
        var options = new ModelLoadOptions { RecursionCycles = cycles, LatentSteps = steps };

        var result = ModelPackage.Verify(SharedData.File(checkpoint), options, SharedData.File(golden));

        Assert.Equal(128, result.Cases);
        Assert.True(result.Passed, result.ToString());
        Assert.Equal(0, result.NormalizedDifference);
        Assert.Equal((hidden, expectedCycles, expectedSteps), (result.Model.HiddenSize, result.Model.RecursionCycles, result.Model.LatentSteps));
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
    }
}
