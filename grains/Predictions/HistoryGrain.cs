using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.GrainInterfaces.Predictions;
using Trm.Grains.Markets;
using Trm.Grains.Placement;

namespace Trm.Grains.Predictions;

/// <summary>
/// One market's log. It keeps where the log stands, so that asking costs no query; the log itself says what may be appended, so
/// two activations at once do no harm. What it hears of the log it passes to the keeper of outcomes.
/// </summary>
[MarketPlacement]
internal sealed class HistoryGrain(IPredictionLog log, OutcomeKeeper outcomes, OutcomeBook judged, IMarketBook book, MarketHome home, TimeProvider time)
    : Grain, IHistoryGrain
{
    /// <summary>
    /// A head that this activation has not heard of for so long is read again: after a failure there may be another activation that
    /// takes the appends.
    /// </summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private LogHead? head;
    private long headAt;

    // Counts what an append or its failure did to the head: a reading that began before is out of date.
    private int changes;

    // Looked up at each call: an unknown market must not get a log, and is refused by name, which a failed activation is not.
    private Market Definition => book.Get(this.GetPrimaryKeyString()).Market;

    private string Market => Definition.Id;

    public async Task<LogHead> HeadAsync()
    {
        while (true)
        {
            if (head is { } known && time.GetElapsedTime(headAt) < Fresh) return known;
            var before = changes;
            var read = await log.OpenAsync(Market);
            // After a start, or another activation's appends.
            if (read.Latest is { } latest && latest.Sequence != head?.Sequence) outcomes.OnPrediction(latest);
            if (changes == before) (head, headAt) = (read, time.GetTimestamp());
        }
    }

    public async Task<AppendReply> AppendAsync(Prediction prediction)
    {
        _ = Market;
        try
        {
            if (!await log.AppendAsync(prediction)) return await ReplyAsync(AppendResult.AlreadyThere);
            Set(new LogHead(prediction.Epoch, prediction));
            outcomes.OnPrediction(prediction);
            if (home.IsElsewhere(Market)) DeactivateOnIdle();
            return new AppendReply(AppendResult.Added, prediction.Epoch, prediction.Sequence);
        }
        catch (SequenceGapException)
        {
            return await ReplyAsync(AppendResult.Gap);
        }
        catch (EpochChangedException)
        {
            return await ReplyAsync(AppendResult.EpochChanged);
        }
        catch
        {
            Set(null); // Whether it was carried out is not known.
            throw;
        }
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(LogQuery query) => log.ReadAsync(Market, query);

    public async Task<PredictionSummary> SummarizeAsync() =>
        await judged.CompleteAsync(Definition, await log.SummarizeAsync(Market));

    public async Task<OutcomePage> OutcomesAsync(OutcomeQuery query) => await judged.ReadAsync(Definition, (await HeadAsync()).Latest, query);

    private async Task<AppendReply> ReplyAsync(AppendResult result)
    {
        Set(null);
        var now = await HeadAsync();
        return new AppendReply(result, now.Epoch, now.Sequence);
    }

    private void Set(LogHead? value)
    {
        (head, headAt) = (value, time.GetTimestamp());
        changes++;
    }
}
