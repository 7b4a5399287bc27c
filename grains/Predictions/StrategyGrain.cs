using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Orleans.Streams.Core;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains.Placement;

namespace Trm.Grains.Predictions;

/// <summary>
/// Makes predictions of one market's snapshots: hands each to <see cref="PredictionPipeline"/> in sequence. The stream is the quick
/// way; whenever it skips, repeats or is out of date, the source is asked what the log lacks.
/// </summary>
[ImplicitStreamSubscription(TrmStreams.Snapshots)]
[MarketPlacement]
internal sealed class StrategyGrain(IPredictor predictor, MarketHome home, TimeProvider time, ILogger<StrategyGrain> logger)
    : Grain, IStrategyGrain, IStreamSubscriptionObserver, IAsyncObserver<SnapshotEvent>
{
    private PredictionPipeline? pipeline;
    private StreamPublisher publisher = null!;

    // The source's numbering as it was told last; an event of another is not to be trusted.
    private Guid? numbering;

    private string Market => this.GetPrimaryKeyString();

    private IFeatureSourceGrain Source => GrainFactory.GetGrain<IFeatureSourceGrain>(Market);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        publisher = new StreamPublisher(Market, this.GetStreamProvider(TrmStreams.Provider), time, logger);
        return Task.CompletedTask;
    }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<SnapshotEvent>().ResumeAsync(this);

    public async Task<Prediction?> LatestAsync() => (await GrainFactory.GetGrain<IHistoryGrain>(Market).HeadAsync()).Latest;

    public async Task OnNextAsync(SnapshotEvent item, StreamSequenceToken? token = null)
    {
        try
        {
            var head = (await PipelineAsync()).Head.Sequence;
            if (item.Numbering != numbering || item.Snapshot.Sequence > head + 1) await CatchUpAsync();
            else if (item.Snapshot.Sequence == head + 1 && await ProcessAsync(item.Snapshot) == Outcome.Rejected) await CatchUpAsync();
            else await AcknowledgeAsync();
        }
        catch (Exception error)
        {
            // An error here would have the stream offer the same event again and again; the source does that better.
            await TellAsync(error);
        }
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public async Task CatchUpAsync()
    {
        try
        {
            while (await ProcessPendingAsync() == Outcome.Rejected)
            {
                // Those behind the rejected one have new numbers.
            }
            await AcknowledgeAsync();
        }
        catch (Exception error)
        {
            await TellAsync(error);
        }
    }

    private async Task<Outcome> ProcessPendingAsync()
    {
        var pending = await Source.PendingAsync((await PipelineAsync()).Head.Sequence);
        numbering = pending.Numbering;
        foreach (var snapshot in pending.Snapshots)
        {
            var outcome = await ProcessAsync(snapshot);
            if (outcome != Outcome.Done) return outcome;
        }
        return Outcome.Done;
    }

    private async Task<Outcome> ProcessAsync(Snapshot snapshot)
    {
        try
        {
            await (await PipelineAsync()).ProcessAsync(snapshot);
            return Outcome.Done;
        }
        catch (Exception error) when (IsPassing(error))
        {
            // The source holds as logged what this pipeline does not know of: an append that failed after its commit, or another
            // activation's. Where the log stands is asked anew, or the two would talk past each other for good.
            if (error is SequenceGapException) pipeline = null;
            await TellAsync(error);
            return Outcome.Kept;
        }
        catch (Exception error)
        {
            await TellAsync(error);
            await Source.RejectAsync(numbering!.Value, snapshot.Sequence);
            return Outcome.Rejected;
        }
    }

    // Says nothing against the snapshot: it is offered again.
    private static bool IsPassing(Exception error) =>
        error is AppendFailedException or SequenceGapException or EpochChangedException or PredictionTimeoutException
        || error is TrmException { Code: "overloaded" or "predictor_closed" or ClusterException.Unavailable }
        || (error is TrmException { Code: var code } && code.StartsWith("storage_", StringComparison.Ordinal))
        || ClusterCall.IsUnavailable(error);

    private async Task AcknowledgeAsync()
    {
        var head = (await PipelineAsync()).Head;
        await Source.AcknowledgeAsync(head.Epoch, head.Sequence);
        if (home.IsElsewhere(Market)) DeactivateOnIdle();
    }

    private async ValueTask<PredictionPipeline> PipelineAsync() => pipeline ??= await PredictionPipeline.OpenAsync(
        Market, new GrainPredictor(GrainFactory, predictor), new HistoryLog(GrainFactory), publisher, time);

    private async Task TellAsync(Exception error)
    {
        var (code, message) = error switch
        {
            TrmException known => (known.Code, known.PublicMessage),
            _ when ClusterCall.IsUnavailable(error) => (ClusterException.Unavailable, "a part of the cluster did not answer; it is tried again"),
            _ => ("internal_error", "the tick failed; the silo's log says why"),
        };
        await publisher.PublishErrorAsync(new PredictionError(Market, code, message, time.GetUtcNow()) { Cause = error });
    }

    private enum Outcome
    {
        /// <summary>Its prediction is in the log.</summary>
        Done,

        /// <summary>Not now: it stays with the source.</summary>
        Kept,

        /// <summary>Never: it is gone, and those behind it have new numbers.</summary>
        Rejected,
    }
}
