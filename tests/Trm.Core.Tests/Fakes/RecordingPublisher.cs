using Trm.Core.Predictions;

namespace Trm.Core.Tests.Fakes;

internal sealed class RecordingPublisher : IPredictionPublisher, IFeedListener
{
    public List<Prediction> Predictions { get; } = [];

    public List<PredictionError> Errors { get; } = [];

    public ValueTask PublishAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        OnPrediction(prediction);
        return ValueTask.CompletedTask;
    }

    public ValueTask PublishErrorAsync(PredictionError error, CancellationToken cancellation = default)
    {
        OnError(error);
        return ValueTask.CompletedTask;
    }

    public void OnPrediction(Prediction prediction) => Predictions.Add(prediction);

    public void OnError(PredictionError error) => Errors.Add(error);
}
