using Microsoft.Extensions.Time.Testing;
using Trm.Core.Predictions;
using Trm.Storage.Predictions;
using static Trm.Storage.Tests.Predictions.SamplePredictions;

namespace Trm.Storage.Tests.Predictions;

/// <summary>What every durable log promises, whatever it is kept in.</summary>
public abstract class PredictionLogContract : IAsyncLifetime
{
    protected FakeTimeProvider Time { get; } = new(Start);

    protected IPredictionLog Log { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Log = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (Log is IAsyncDisposable opened) await opened.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's store: the first time for <see cref="Log"/>, then as another process would.</summary>
    protected abstract Task<IPredictionLog> OpenAsync();

    /// <summary>Gives a market a new log behind the back of those that are open.</summary>
    protected abstract Task StartOverAsync(string market, Guid epoch);

    [Fact]
    public async Task A_new_market_gets_an_epoch_that_stays()
    {
        var first = await Log.OpenAsync(Market);
        await using var other = await OpenAnotherAsync();
        Assert.Equal(first.Epoch, (await other.Log.OpenAsync(Market)).Epoch);
        Assert.NotEqual(first.Epoch, (await Log.OpenAsync("crypto")).Epoch);
        Assert.Equal(0, first.Sequence);
    }

    [Fact]
    public async Task Two_openers_of_a_new_market_agree_on_its_epoch()
    {
        await using var other = await OpenAnotherAsync();
        var heads = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => (i % 2 == 0 ? Log : other.Log).OpenAsync(Market))));
        Assert.Single(heads.Select(h => h.Epoch).Distinct());
    }

    [Fact]
    public async Task A_prediction_read_back_equals_the_one_appended()
    {
        var epoch = await FillAsync(3);
        var read = await Log.ReadAsync(Market, new LogQuery());
        Assert.All(read, p => AssertSame(Make(epoch, p.Sequence), p));
        AssertSame(Make(epoch, 3), (await Log.OpenAsync(Market)).Latest!);
    }

    [Fact]
    public async Task An_append_that_is_repeated_changes_nothing()
    {
        var epoch = await FillAsync(2);
        Assert.False(await Log.AppendAsync(Make(epoch, 1) with { ModelVersion = "other" }));
        var first = (await Log.ReadAsync(Market, new LogQuery()))[0];
        Assert.Equal("1.2.3-abc", first.ModelVersion);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(-7)]
    public async Task A_sequence_that_does_not_follow_is_refused(long sequence)
    {
        var epoch = await FillAsync(2);
        var e = await Assert.ThrowsAsync<SequenceGapException>(() => Log.AppendAsync(Make(epoch, 3) with { Sequence = sequence }));
        Assert.Equal((2, sequence), (e.Last, e.Given));
        Assert.Equal(2, (await Log.OpenAsync(Market)).Sequence);
    }

    [Fact]
    public async Task A_prediction_of_another_epoch_is_refused()
    {
        var epoch = await FillAsync(1);
        var e = await Assert.ThrowsAsync<EpochChangedException>(() => Log.AppendAsync(Make(Guid.NewGuid(), 2)));
        Assert.Equal(epoch, e.Current);
        await Assert.ThrowsAsync<EpochChangedException>(() => Log.AppendAsync(Make(epoch, 1, "never-opened")));
    }

    [Fact]
    public async Task Only_the_current_epoch_is_read()
    {
        await FillAsync(5);
        var next = Guid.NewGuid();
        await StartOverAsync(Market, next);

        Assert.Equal(new LogHead(next, null), await Log.OpenAsync(Market));
        Assert.Empty(await Log.ReadAsync(Market, new LogQuery()));
        Assert.Equal(0, (await Log.SummarizeAsync(Market)).TotalPredictions);
        Assert.True(await Log.AppendAsync(Make(next, 1)));
    }

    [Fact]
    public async Task A_renewed_log_keeps_its_predictions_and_takes_none_of_the_epoch_before()
    {
        var before = await FillAsync(3);
        var other = (await Log.OpenAsync("crypto")).Epoch;

        Assert.Equal(["crypto", Market], await ((IStoredLog)Log).RenewEpochsAsync());

        var head = await Log.OpenAsync(Market);
        Assert.NotEqual(before, head.Epoch);
        Assert.NotEqual(other, (await Log.OpenAsync("crypto")).Epoch);
        Assert.Equal([1, 2, 3], await Sequences(new LogQuery()));
        Assert.All(await Log.ReadAsync(Market, new LogQuery()), p => Assert.Equal(head.Epoch, p.Epoch));
        await Assert.ThrowsAsync<EpochChangedException>(() => Log.AppendAsync(Make(before, 4)));
        Assert.True(await Log.AppendAsync(Make(head.Epoch, 4)));
    }

    [Fact]
    public async Task Logs_that_a_market_had_before_are_not_renewed()
    {
        var first = await FillAsync(2);
        await StartOverAsync(Market, Guid.NewGuid());
        await ((IStoredLog)Log).RenewEpochsAsync();
        Assert.NotEqual(first, (await Log.OpenAsync(Market)).Epoch);
        Assert.Empty(await Log.ReadAsync(Market, new LogQuery()));
    }

    [Fact]
    public async Task Markets_have_sequences_of_their_own()
    {
        var epoch = await FillAsync(3);
        var other = (await Log.OpenAsync("crypto")).Epoch;
        Assert.True(await Log.AppendAsync(Make(other, 1, "crypto")));
        Assert.True(await Log.AppendAsync(Make(epoch, 4)));
        Assert.Equal([1L], (await Log.ReadAsync("crypto", new LogQuery())).Select(p => p.Sequence));
    }

    [Theory]
    [InlineData(null, null, 3, false, new long[] { 1, 2, 3 })]
    [InlineData(null, null, 3, true, new long[] { 8, 9, 10 })]
    [InlineData(4L, null, 100, false, new long[] { 5, 6, 7, 8, 9, 10 })]
    [InlineData(4L, null, 2, false, new long[] { 5, 6 })]
    [InlineData(null, 4L, 2, true, new long[] { 2, 3 })]
    [InlineData(3L, 7L, 100, false, new long[] { 4, 5, 6 })]
    [InlineData(10L, null, 100, false, new long[] { })]
    public async Task A_range_by_sequence_is_in_ascending_order(long? after, long? before, int limit, bool newest, long[] expected)
    {
        await FillAsync(10);
        var read = await Log.ReadAsync(Market, new LogQuery { After = after, Before = before, Limit = limit, Newest = newest });
        Assert.Equal(expected, read.Select(p => p.Sequence));
    }

    [Fact]
    public async Task A_range_by_time_takes_its_start_and_leaves_its_end()
    {
        var epoch = await FillAsync(10);
        var (from, to) = (Make(epoch, 3).Timestamp, Make(epoch, 7).Timestamp);
        Assert.Equal([3, 4, 5, 6], await Sequences(new LogQuery { From = from, To = to }));
        Assert.Equal([4, 5, 6], await Sequences(new LogQuery { From = from.AddTicks(1), To = to }));
        Assert.Equal([5, 6], await Sequences(new LogQuery { From = from, To = to, Limit = 2, Newest = true }));
        Assert.Equal([5], await Sequences(new LogQuery { From = from, Before = 6, After = 4 }));
        Assert.Equal([9, 10], await Sequences(new LogQuery { From = Make(epoch, 9).Timestamp }));
        Assert.Equal([1, 2], await Sequences(new LogQuery { To = from }));
    }

    [Fact]
    public async Task A_range_by_time_is_right_when_the_clock_was_set_back()
    {
        var epoch = (await Log.OpenAsync(Market)).Epoch;
        foreach (var (sequence, minute) in new[] { (1, 10), (2, 30), (3, 20), (4, 40) })
            await Log.AppendAsync(Make(epoch, sequence) with { Timestamp = Start.AddMinutes(minute) });

        Assert.Equal([2, 3], await Sequences(new LogQuery { From = Start.AddMinutes(15), To = Start.AddMinutes(35) }));
        Assert.Equal([3], await Sequences(new LogQuery { To = Start.AddMinutes(25), Newest = true, Limit = 1 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(LogQuery.MaxLimit + 1)]
    public async Task A_limit_out_of_range_is_refused_with_the_range(int limit)
    {
        var e = await Assert.ThrowsAsync<InvalidLimitException>(() => Log.ReadAsync(Market, new LogQuery { Limit = limit }));
        Assert.Contains($"limit {limit} is not from 1 to 5000", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_market_without_a_log_reads_as_empty()
    {
        Assert.Empty(await Log.ReadAsync("unheard-of", new LogQuery()));
        var summary = await Log.SummarizeAsync("unheard-of");
        Assert.Equal((0, 0, null), (summary.TotalPredictions, summary.RecentCount, summary.Last));
    }

    [Fact]
    public async Task A_summary_is_of_the_newest_and_counts_all()
    {
        var epoch = await FillAsync(PredictionSummary.RecentLimit + 20);
        var summary = await Log.SummarizeAsync(Market);
        Assert.Equal(PredictionSummary.RecentLimit + 20, summary.TotalPredictions);
        Assert.Equal(PredictionSummary.RecentLimit, summary.RecentCount);
        Assert.Equal(PredictionSummary.RecentLimit, summary.StrategyDistribution.Sum());
        AssertSame(Make(epoch, PredictionSummary.RecentLimit + 20), summary.Last!);
    }

    [Fact]
    public async Task Concurrent_appenders_leave_no_hole_and_no_duplicate()
    {
        var epoch = (await Log.OpenAsync(Market)).Epoch;
        await using var other = await OpenAnotherAsync();
        var added = await Task.WhenAll(new[] { Log, other.Log, Log, other.Log }.Select(target => Task.Run(async () =>
        {
            var count = 0;
            for (var sequence = 1; sequence <= 40; sequence++) count += await target.AppendAsync(Make(epoch, sequence)) ? 1 : 0;
            return count;
        })));
        Assert.Equal(40, added.Sum());
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), await Sequences(new LogQuery()));
    }

    protected async Task<Guid> FillAsync(int count)
    {
        var epoch = (await Log.OpenAsync(Market)).Epoch;
        for (var sequence = 1; sequence <= count; sequence++) Assert.True(await Log.AppendAsync(Make(epoch, sequence)));
        return epoch;
    }

    protected async Task<IEnumerable<long>> Sequences(LogQuery query) => (await Log.ReadAsync(Market, query)).Select(p => p.Sequence);

    private async Task<Another> OpenAnotherAsync() => new(await OpenAsync());

    private sealed record Another(IPredictionLog Log) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ((IAsyncDisposable)Log).DisposeAsync();
    }
}
