using Trm.Core.Predictions;
using Trm.Gateway.Rest;

namespace Trm.Gateway.Tests.Rest;

public sealed class HistoryRangeTests
{
    [Fact]
    public void A_page_has_the_sequences_that_the_log_would_give_for_the_question()
    {
        long?[] ends = [null, -3, 0, 1, 2, 3, 5, 6, 7, 9];
        foreach (var (head, after, before, limit) in
            from head in Enumerable.Range(0, 7) from after in ends from before in ends from limit in Enumerable.Range(1, 8) select (head, after, before, limit))
        {
            var asked = new LogQuery { After = after, Before = before, Limit = limit, Newest = after is null };
            var matching = Log(head, asked with { Limit = int.MaxValue });
            var page = Log(head, asked);
            var range = HistoryRange.Of(head, asked);

            Assert.Equal(page, range.IsEmpty ? [] : Log(head, range.Query));
            Assert.Equal(page.Length, range.Count);
            Assert.Equal(page.Length > 0 && page[^1] < matching[^1] ? page[^1] : null, range.NextAfter);
        }
    }

    [Theory]
    [InlineData(long.MaxValue, null)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(null, long.MinValue)]
    [InlineData(0L, long.MinValue)]
    public void The_largest_numbers_are_an_empty_page(long? after, long? before) =>
        Assert.True(HistoryRange.Of(20, new LogQuery { After = after, Before = before, Limit = 5_000, Newest = after is null }).IsEmpty);

    private static long[] Log(long head, LogQuery query)
    {
        var matching = Enumerable.Range(1, (int)head).Select(s => (long)s).Where(s => s > (query.After ?? 0) && s < (query.Before ?? long.MaxValue));
        return [.. query.Newest ? matching.TakeLast(query.Limit) : matching.Take(query.Limit)];
    }
}
