using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal abstract partial class ClientConnection
{
    /// <summary>Predictions read from the log at once: enough to be quick, few enough to wait in memory.</summary>
    private const int PageSize = 256;

    private async Task ReplayAsync(RefillRequest refill)
    {
        var query = new LogQuery { After = refill.After, Limit = PageSize };
        var page = await Services.Feed.ReadAsync(refill.Queue.Market, query);
        var now = Services.Time.GetUtcNow();
        Outbox.Refill(refill, [.. page.Select(p => PredictionFrame.Of(p, now))]);
    }
}
