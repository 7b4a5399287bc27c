using Trm.Inference.Engine;
using Trm.Inference.Weights;
using Trm.Tests;

namespace Trm.Inference.Tests.Engine;

public sealed class ManagedEnginesTests
{
    [Fact]
    public void Auto_takes_int16_for_the_shipped_model_and_says_how_near_it_is()
    {
        var model = TrmModel.Load(Path.Combine(SharedData.RepositoryRoot, "model", "us-equities"));

        var (engine, reason) = ManagedEngines.Choose(model, Precision.Auto);

        using var _ = engine;
        Assert.StartsWith("managed int16 ", engine.Name, StringComparison.Ordinal);
        Assert.Matches(@"^int16 is within \d\.\de-\d\d in probabilities and \d\.\de-\d\d in halt of fp32$", reason);
        Assert.Equal(64, model.GoldenInputs.Count);
    }

    [Fact]
    public void Auto_keeps_fp32_where_int16_is_not_near_enough()
    {
        // One weight a thousand times the others leaves those a handful of steps each.
        var tensors = RandomModel.Tensors(64);
        foreach (var (name, shape, data) in tensors.Where(t => t.Name.EndsWith("layer2.weight", StringComparison.Ordinal) && t.Shape[0] > 1))
        {
            for (var row = 0; row < shape[0]; row++) data[row * shape[1] + (row * 7 % shape[1])] *= 1_000;
        }
        var random = RandomModel.Model(64);
        var model = new TrmModel(random.Info, random.Normalization, ModelWeights.Load(RandomModel.Entries(tensors)));

        var (engine, reason) = ManagedEngines.Choose(model, Precision.Auto);

        using var _ = engine;
        Assert.StartsWith("managed fp32 ", engine.Name, StringComparison.Ordinal);
        Assert.StartsWith("int16 is not near enough: ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_is_taken()
    {
        using var engine = ManagedEngines.Create(RandomModel.Model(), Precision.Int16, threads: 2);
        Assert.Matches("^managed int16 [a-z0-9-]+ x2$", engine.Name);
    }
}
