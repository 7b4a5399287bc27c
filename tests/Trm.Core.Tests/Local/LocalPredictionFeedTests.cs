using Trm.Core.Local;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Local;

public class LocalPredictionFeedTests
{
    private readonly InMemoryLog log = new();

    [Fact]
    public async Task Every_listener_hears_what_is_published_until_it_leaves()
    {
        var feed = new LocalPredictionFeed([Make.Market()], log);
        var stays = new RecordingPublisher();
        var leaves = new RecordingPublisher();
        using var one = feed.Subscribe(stays);
        var two = feed.Subscribe(leaves);

        await PredictAsync(feed, 1);
        two.Dispose();
        await PredictAsync(feed, 2);

        Assert.Equal([1L, 2], stays.Predictions.Select(p => p.Sequence));
        Assert.Equal([1L], leaves.Predictions.Select(p => p.Sequence));
    }

    [Fact]
    public async Task The_head_is_the_logs_at_first_and_then_what_was_published_last()
    {
        var feed = new LocalPredictionFeed([Make.Market()], log);
        Assert.Equal(new LogHead(log.Epoch, null), await feed.HeadAsync("m"));

        await PredictAsync(feed, 1);

        Assert.Equal(1, (await feed.HeadAsync("m")).Sequence);
    }

    [Fact]
    public async Task A_market_that_is_not_carried_is_refused_by_name()
    {
        var feed = new LocalPredictionFeed([Make.Market()], log);

        var error = await Assert.ThrowsAsync<UnknownMarketException>(() => feed.ReadAsync("mars", new LogQuery()));

        Assert.Contains("mars", error.Message);
    }

    private async Task PredictAsync(LocalPredictionFeed feed, long sequence)
    {
        var pipeline = await PredictionPipeline.OpenAsync("m", new FakePredictor(), log, feed, TimeProvider.System);
        await pipeline.ProcessAsync(Make.Snapshot(sequence));
    }
}
