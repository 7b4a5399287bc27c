using Orleans.Placement;
using Trm.Core.Predictions;
using Trm.GrainInterfaces.Predictions;
using Trm.Grains.Markets;

namespace Trm.Grains.Predictions;

/// <summary>
/// One market's log. It keeps where the log stands, so that asking costs no query; the log itself says what may be appended, so
/// two activations at once do no harm.
/// </summary>
[PreferLocalPlacement] // beside the strategy, whose first call makes it
internal sealed class HistoryGrain(IPredictionLog log, IMarketBook book) : Grain, IHistoryGrain
{
    private LogHead? head;

    private string Market => this.GetPrimaryKeyString();

    // An unknown market must not get a log.
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ = book.Get(Market);
        return Task.CompletedTask;
    }

    public async Task<LogHead> HeadAsync() => head ??= await log.OpenAsync(Market);

    public async Task<AppendReply> AppendAsync(Prediction prediction)
    {
        // Until the log has answered, nobody knows where it stands.
        head = null;
        try
        {
            if (await log.AppendAsync(prediction))
            {
                head = new LogHead(prediction.Epoch, prediction);
                return new AppendReply(AppendResult.Added, prediction.Epoch, prediction.Sequence);
            }
            return await ReplyAsync(AppendResult.AlreadyThere);
        }
        catch (SequenceGapException)
        {
            return await ReplyAsync(AppendResult.Gap);
        }
        catch (EpochChangedException)
        {
            return await ReplyAsync(AppendResult.EpochChanged);
        }
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(LogQuery query) => log.ReadAsync(Market, query);

    public Task<PredictionSummary> SummarizeAsync() => log.SummarizeAsync(Market);

    private async Task<AppendReply> ReplyAsync(AppendResult result)
    {
        head = null;
        var now = await HeadAsync();
        return new AppendReply(result, now.Epoch, now.Sequence);
    }
}
