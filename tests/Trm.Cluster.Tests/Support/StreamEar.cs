using Orleans.Streams;
using Trm.Core.Predictions;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Cluster.Tests.Support;

/// <summary>What a market's stream brought.</summary>
internal sealed class StreamEar : IAsyncObserver<FeedEvent>
{
    private readonly Lock gate = new();
    private readonly List<FeedEvent> events = [];

    public IReadOnlyList<Prediction> Predictions
    {
        get { lock (gate) return [.. events.Select(e => e.Prediction).OfType<Prediction>()]; }
    }

    public IReadOnlyList<PredictionError> Errors
    {
        get { lock (gate) return [.. events.Select(e => e.Error).OfType<PredictionError>()]; }
    }

    /// <summary>Completes when the stream has told of an error.</summary>
    public Task ToldAsync(string code) => Eventually.TrueAsync(
        () => Errors.Any(e => e.Code == code), () => $"told: {string.Join(", ", Errors.Select(e => e.Code).Distinct())}");

    public Task OnNextAsync(FeedEvent item, StreamSequenceToken? token = null)
    {
        lock (gate) events.Add(item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
