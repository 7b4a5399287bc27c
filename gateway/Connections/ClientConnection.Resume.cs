using Trm.Core;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal abstract partial class ClientConnection
{
    /// <summary>Predictions read from the log at once: enough to be quick, few enough to wait in memory.</summary>
    private const int PageSize = 256;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private async Task ReplayAsync(RefillRequest refill)
    {
        var query = new LogQuery { After = refill.After, Limit = PageSize };
        IReadOnlyList<Prediction> page;
        try
        {
            page = await Services.Feed.ReadAsync(refill.Queue.Market, query);
        }
        catch (TrmException error)
        {
            // The log is away (a database restarts, the cluster does not answer): the client stays, and the replay is tried again.
            Log.ReplayFailed(Services.Logger, error, Id, refill.Queue.Market);
            _ = RetryAsync(refill);
            return;
        }
        var now = Services.Time.GetUtcNow();
        Outbox.Refill(refill, [.. page.Select(p => PredictionFrame.Of(p, now))]);
    }

    private async Task RetryAsync(RefillRequest refill)
    {
        await Task.Delay(RetryPause, Services.Time);
        Outbox.Retry(refill);
    }
}
