using Trm.Core.Features;
using Trm.Core.Predictions;

namespace Trm.Gateway.Tests.Support;

/// <summary>A model whose answer tells its row apart: the strategy is the first feature, halt the last; it keeps what it was asked.</summary>
internal sealed class FakePredictor : IPredictor
{
    public ModelInfo Model { get; set; } = Samples.Model;

    /// <summary>Each call's rows.</summary>
    public List<IReadOnlyList<FeatureVector>> Calls { get; } = [];

    /// <summary>Happens while the model works on a call.</summary>
    public Action? Meanwhile { get; set; }

    /// <summary>Applied to each answer.</summary>
    public Func<ModelOutput, ModelOutput> Change { get; set; } = output => output;

    public ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default) =>
        throw new InvalidOperationException("rows go to the model together");

    public ValueTask<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features, CancellationToken cancellation = default)
    {
        Calls.Add(features);
        Meanwhile?.Invoke();
        return new([.. features.Select(row => Change(Answer(row) with { Model = Model }))]);
    }

    public static ModelOutput Answer(FeatureVector row)
    {
        var probabilities = new float[Strategy.Count];
        Array.Fill(probabilities, 0.05f);
        probabilities[(int)row[0] % Strategy.Count] = 0.65f;
        return new ModelOutput(Samples.Normalized, probabilities, (float)row[9], Samples.Model);
    }
}
