using System.Collections.Concurrent;
using Trm.Core.Predictions;
using Trm.Gateway;

namespace Trm.Cli.Hosting;

/// <summary>
/// Ready while the log can be read and no market's last tick failed. A tick without features (missing bars) is an
/// answer and no failure; a log that refuses and an error nobody foresaw are.
/// </summary>
internal sealed class MarketHealth(IReadOnlyList<ServedMarket> markets, IPredictionLog log) : IReadinessCheck, IFeedListener
{
    private readonly ConcurrentDictionary<string, string> failing = new(StringComparer.Ordinal);

    public string Name => "markets";

    public void OnPrediction(Prediction prediction) => failing.TryRemove(prediction.Market, out _);

    public void OnError(PredictionError error)
    {
        if (error.Cause is not null) failing[error.Market] = $"{error.Market}: {error.Code}";
    }

    public async ValueTask<ReadinessResult> CheckAsync(CancellationToken cancellation)
    {
        foreach (var served in markets)
        {
            try
            {
                await log.OpenAsync(served.Market.Id, cancellation).ConfigureAwait(false);
            }
            catch (Core.TrmException error)
            {
                return new ReadinessResult(false, $"{served.Market.Id}: {error.Code}");
            }
        }
        return failing.IsEmpty ? new ReadinessResult(true) : new ReadinessResult(false, string.Join(", ", failing.Values));
    }
}
