using Trm.Core;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal abstract partial class ClientConnection
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private ValueTask ReplayAsync(RefillRequest refill)
    {
        if (!Services.Recent.TryRead(refill.Queue.Market, refill.Epoch, refill.After, ReplayReader.PageSize, out var page)) return ReadLogAsync(refill);
        Outbox.Refill(refill, page);
        return ValueTask.CompletedTask;
    }

    private async ValueTask ReadLogAsync(RefillRequest refill)
    {
        IReadOnlyList<PredictionFrame> page;
        try
        {
            page = await Services.Replays.ReadAsync(refill);
        }
        catch (TrmException error)
        {
            // The log is away (a database restarts, the cluster does not answer): the client stays, and the replay is tried again.
            Log.ReplayFailed(Services.Logger, error, Id, refill.Queue.Market);
            _ = RetryAsync(refill);
            return;
        }
        Outbox.Refill(refill, page);
    }

    private async Task RetryAsync(RefillRequest refill)
    {
        await Task.Delay(RetryPause, Services.Time);
        Outbox.Retry(refill);
    }
}
