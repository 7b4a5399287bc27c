using Trm.Gateway.Connections;
using Trm.Gateway.Protocol;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Connections;

public sealed class RecentPredictionsTests
{
    private readonly RecentPredictions recent = new(limit: 4);

    [Fact]
    public void What_follows_a_place_comes_in_order_up_to_the_count()
    {
        Add(1, 2, 3);
        Assert.Equal([2, 3], Read(after: 1));
        Assert.Equal([1, 2], Read(after: 0, count: 2));
    }

    [Fact]
    public void Only_the_last_are_kept()
    {
        Add(1, 2, 3, 4, 5, 6);
        Assert.Empty(Read(after: 1));
        Assert.Equal([3, 4, 5, 6], Read(after: 2));
    }

    [Fact]
    public void A_place_at_or_ahead_of_the_newest_has_nothing_after_it()
    {
        Add(1, 2);
        Assert.Empty(Read(after: 2));
        Assert.Empty(Read(after: 9));
    }

    [Fact]
    public void What_came_before_a_hole_is_not_shown_as_if_there_were_none()
    {
        Add(1, 2, 5, 6);
        Assert.Empty(Read(after: 1));
        Assert.Equal([5, 6], Read(after: 4));
    }

    [Fact]
    public void A_duplicate_or_an_older_one_changes_nothing()
    {
        Add(1, 2, 3, 2, 3);
        Assert.Equal([1, 2, 3], Read(after: 0));
    }

    [Fact]
    public void Another_log_starts_over()
    {
        Add(1, 2, 3);
        recent.Add(PredictionFrame.Of(Samples.Prediction("m", 1, Guid.NewGuid()), Samples.Start));
        Assert.Empty(Read(after: 0));
    }

    [Fact]
    public void A_market_that_had_none_has_none()
    {
        Assert.False(recent.TryRead("other", Samples.Epoch, 0, 10, out var page));
        Assert.Empty(page);
    }

    private void Add(params long[] sequences)
    {
        foreach (var sequence in sequences) recent.Add(PredictionFrame.Of(Samples.Prediction("m", sequence), Samples.Start));
    }

    private long[] Read(long after, int count = 10) =>
        recent.TryRead("m", Samples.Epoch, after, count, out var page) ? [.. page.Select(frame => frame.Sequence)] : [];
}
