using Trm.Core.Predictions;
using Trm.Storage.Predictions;

namespace Trm.Storage.Postgres;

/// <summary>An append that waits for its turn, and then for its outcome.</summary>
internal sealed class PendingAppend(Prediction prediction, CancellationToken cancellation)
{
    // The caller goes on elsewhere: the one that appends must not run its code.
    private readonly TaskCompletionSource<AppendOutcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Prediction Prediction => prediction;

    /// <summary>Nobody waits any more; it need not be sent.</summary>
    public bool IsGivenUp => cancellation.IsCancellationRequested;

    /// <summary>Ends with the outcome, or when the caller gives up: what was sent by then may be in the log all the same.</summary>
    public Task<AppendOutcome> Outcome => outcome.Task.WaitAsync(cancellation);

    public void Complete(AppendOutcome result) => outcome.TrySetResult(result);

    public void Fail(Exception error) => outcome.TrySetException(error);

    /// <summary>By market and sequence: two processes that append the same predictions then never wait for each other in a ring.</summary>
    public static int InOrder(PendingAppend left, PendingAppend right)
    {
        var byMarket = string.CompareOrdinal(left.Prediction.Market, right.Prediction.Market);
        return byMarket != 0 ? byMarket : left.Prediction.Sequence.CompareTo(right.Prediction.Sequence);
    }
}
