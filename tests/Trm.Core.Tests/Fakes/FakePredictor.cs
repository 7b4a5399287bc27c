using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Core.Tests.Fakes;

internal sealed class FakePredictor : IPredictor
{
    public ModelInfo Model { get; set; } = new()
    {
        Name = "fake", Version = "fake-1", FeatureSet = FeatureSets.CausalV2, HiddenSize = 4, RecursionCycles = 3, LatentSteps = 6, Parameters = 1,
    };

    /// <summary>What to do instead of answering, once for each entry.</summary>
    public Queue<Func<CancellationToken, Task>> Instead { get; } = new();

    public int Calls { get; private set; }

    /// <summary>Its probabilities.</summary>
    public IReadOnlyList<float> Answer { get; set; } = [0.1f, 0.1f, 0.4f, 0.1f, 0.1f, 0.1f, 0.05f, 0.05f];

    public async ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default)
    {
        Calls++;
        if (Instead.TryDequeue(out var act)) await act(cancellation);
        return new ModelOutput(features, Answer, 0.25f, Model);
    }
}
