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

    // Counts when appends begin and end. Where the log stood while one was under way is not where it stands after.
    private int appends;

    // Looked up at each call: an unknown market must not get a log, and is refused by name, which a failed activation is not.
    private string Market => book.Get(this.GetPrimaryKeyString()).Market.Id;

    public async Task<LogHead> HeadAsync()
    {
        if (head is { } known) return known;
        var before = appends;
        var read = await log.OpenAsync(Market);
        if (appends == before && before % 2 == 0) head = read;
        return head ?? read;
    }

    public async Task<AppendReply> AppendAsync(Prediction prediction)
    {
        _ = Market;
        // Until the log has answered, nobody knows where it stands.
        head = null;
        appends++;
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
        finally
        {
            appends++;
        }
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(LogQuery query) => log.ReadAsync(Market, query);

    public Task<PredictionSummary> SummarizeAsync() => log.SummarizeAsync(Market);

    private async Task<AppendReply> ReplyAsync(AppendResult result)
    {
        head = await log.OpenAsync(Market);
        return new AppendReply(result, head.Epoch, head.Sequence);
    }
}
