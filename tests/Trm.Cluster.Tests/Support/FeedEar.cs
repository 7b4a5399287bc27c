using Trm.Core.Predictions;

namespace Trm.Cluster.Tests.Support;

/// <summary>What a feed told of one market.</summary>
internal sealed class FeedEar(string market) : IFeedListener
{
    private readonly Lock gate = new();
    private readonly List<Prediction> predictions = [];
    private readonly List<PredictionError> errors = [];

    public IReadOnlyList<Prediction> Predictions
    {
        get { lock (gate) return [.. predictions]; }
    }

    public IReadOnlyList<long> Sequences => [.. Predictions.Select(p => p.Sequence)];

    public IReadOnlyList<PredictionError> Errors
    {
        get { lock (gate) return [.. errors]; }
    }

    public void OnPrediction(Prediction prediction)
    {
        if (prediction.Market != market) return;
        lock (gate) predictions.Add(prediction);
    }

    public void OnError(PredictionError error)
    {
        if (error.Market != market) return;
        lock (gate) errors.Add(error);
    }

    /// <summary>Completes when it has heard so many predictions.</summary>
    public Task HeardAsync(int count) => Eventually.TrueAsync(() => Predictions.Count >= count, () => $"heard {string.Join(' ', Sequences)}");
}
