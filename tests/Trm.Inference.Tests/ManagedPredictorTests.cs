using System.Diagnostics.Metrics;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;
using Trm.Inference.Engine;

namespace Trm.Inference.Tests;

public sealed class ManagedPredictorTests
{
    private readonly TrmModel model = RandomModel.Model();

    [Fact]
    public async Task An_output_has_the_normalised_features_and_eight_probabilities_that_sum_to_one()
    {
        var output = await new ManagedPredictor(model).PredictAsync(RandomModel.Features);

        for (var i = 0; i < FeatureNames.Count; i++)
            Assert.Equal((float)((RandomModel.Features[i] - RandomModel.Mean[i]) / (RandomModel.Std[i] + 1e-8)), output.Normalized[i]);
        Assert.Equal(Strategy.Count, output.Probabilities.Count);
        Assert.Equal(1, output.Probabilities.Sum(), 1e-6);
        Assert.InRange(output.HaltProbability, 0f, 1f);
    }

    [Fact]
    public void A_batch_is_the_same_as_one_by_one()
    {
        var predictor = new ManagedPredictor(model);
        var features = Enumerable.Range(0, 9).Select(i => RandomModel.Features.With(0, 10 + i)).ToList();

        var batch = predictor.PredictBatch(features);

        Assert.All(features.Zip(batch), pair => Assert.Equal(predictor.Predict(pair.First).Probabilities, pair.Second.Probabilities));
        Assert.NotEqual(batch[0].Probabilities, batch[8].Probabilities);
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-1e300)]
    public void A_feature_too_far_out_for_a_float_is_refused_by_name(double value)
    {
        var error = Assert.Throws<InvalidFeaturesException>(() => new ManagedPredictor(model).Predict(RandomModel.Features.With(3, value)));

        Assert.Contains("feature volume_ratio is", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, 0.5f)]
    [InlineData(0.125f, float.PositiveInfinity)]
    public void An_answer_that_is_not_finite_is_an_error(float probability, float halt)
    {
        var error = Assert.Throws<TrmException>(() => new ManagedPredictor(model, new Fixed(probability, halt)).Predict(RandomModel.Features));

        Assert.Equal("non_finite_output", error.Code);
        Assert.Contains(model.Info.Version, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_does_not_predict() =>
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await new ManagedPredictor(model).PredictAsync(RandomModel.Features, new CancellationToken(true)));

    [Fact]
    public void Time_in_the_model_is_measured()
    {
        var measured = 0;
        var thread = Environment.CurrentManagedThreadId;
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => measured += Environment.CurrentManagedThreadId == thread ? 1 : 0);
        listener.EnableMeasurementEvents(TrmTelemetry.InferenceDuration);

        new ManagedPredictor(model).Predict(RandomModel.Features);

        Assert.Equal(1, measured);
    }

    private sealed class Fixed(float probability, float haltProbability) : IInferenceEngine
    {
        public string Name => "fixed";

        public void Dispose() { }

        public void Predict(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
        {
            probabilities.Fill(probability);
            halt.Fill(haltProbability);
        }
    }
}
