using Microsoft.Extensions.Time.Testing;
using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Storage.Tests.Bars;

/// <summary>What every store of bars promises, whatever it is kept in.</summary>
public abstract class BarStoreContract : IAsyncLifetime
{
    protected static Market Market { get; } = new()
    {
        Id = "two", Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = ["SPY", "TLT"],
    };

    private static readonly DateOnly Monday = new(2024, 1, 1);

    protected FakeTimeProvider Time { get; } = new();

    protected IBarStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (Store is IAsyncDisposable opened) await opened.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's store: the first time for <see cref="Store"/>, then as another process would.</summary>
    protected abstract Task<IBarStore> OpenAsync();

    [Fact]
    public async Task An_upsert_tells_added_changed_and_unchanged_apart()
    {
        Assert.Equal(new BarImport(2, 0, 0), await Store.UpsertAsync(Market.Id, [Bar(0, "SPY"), Bar(0, "TLT")]));
        Assert.Equal(new BarImport(1, 1, 1), await Store.UpsertAsync(Market.Id, [Bar(0, "SPY"), Bar(0, "TLT") with { Volume = 7 }, Bar(1, "SPY")]));
        Assert.Equal(new BarImport(0, 0, 3), await Store.UpsertAsync(Market.Id, [Bar(0, "SPY"), Bar(0, "TLT") with { Volume = 7 }, Bar(1, "SPY")]));
        Assert.Equal(new BarRange(Monday, Monday.AddDays(1), 2, 3), await Store.RangeAsync(Market.Id));
    }

    [Fact]
    public async Task A_bar_read_back_equals_the_one_stored_to_the_last_bit()
    {
        var bar = new Bar("SPY", Monday, 0.1 + 0.2, Math.PI, 1e-17, 1 / 3.0, 118944600.5);
        await Store.UpsertAsync(Market.Id, [bar]);
        Assert.Equal(bar, (await Read())[0].Bars["SPY"]);
    }

    [Fact]
    public async Task An_upsert_is_all_or_nothing()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => Store.UpsertAsync(Market.Id, [Bar(0, "SPY"), Bar(1, "SPY") with { Close = double.NaN }]));
        Assert.Null(await Store.RangeAsync(Market.Id));
        Assert.Equal(0, (await Store.ChangesSinceAsync(Market.Id, 0)).Revision);
    }

    [Fact]
    public async Task Importers_at_once_lose_nothing_and_each_has_a_revision()
    {
        var other = await OpenAsync();
        await using var _ = (IAsyncDisposable)other;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(day => Task.Run(() => (day % 2 == 0 ? Store : other).UpsertAsync(Market.Id, [Bar(day, "SPY")]))));
        Assert.Equal(8, (await Read()).Count);
        Assert.Equal(new BarChanges(8, Monday), await Store.ChangesSinceAsync(Market.Id, 0));
    }

    [Fact]
    public async Task Sessions_come_in_date_order_with_both_ends()
    {
        await Store.UpsertAsync(Market.Id, [Bar(3, "SPY"), Bar(1, "TLT"), Bar(1, "SPY"), Bar(0, "SPY"), Bar(2, "VIX")]);
        var read = await Read(Monday.AddDays(1), Monday.AddDays(3));
        Assert.Equal([Monday.AddDays(1), Monday.AddDays(2), Monday.AddDays(3)], read.Select(s => s.Date));
        Assert.Equal(["SPY", "TLT"], read[0].Bars.Keys.Order());
    }

    [Fact]
    public async Task A_long_history_is_read_whole_across_pages()
    {
        await Store.UpsertAsync(Market.Id, [.. Enumerable.Range(0, 1_000).SelectMany(day => new[] { Bar(day, "SPY"), Bar(day, "TLT") })]);
        var read = await Read();
        Assert.Equal(Enumerable.Range(0, 1_000).Select(day => Monday.AddDays(day)), read.Select(s => s.Date));
        Assert.All(read, s => Assert.Equal(2, s.Bars.Count));
    }

    [Fact]
    public async Task A_symbol_outside_the_market_is_not_in_its_sessions()
    {
        await Store.UpsertAsync(Market.Id, [Bar(0, "SPY"), Bar(0, "DELISTED"), Bar(1, "DELISTED")]);
        var session = Assert.Single(await Read());
        Assert.Equal(["SPY"], session.Bars.Keys);
    }

    [Fact]
    public async Task Markets_do_not_see_each_other()
    {
        await Store.UpsertAsync("other", [Bar(0, "SPY")]);
        Assert.Empty(await Read());
        Assert.Null(await Store.RangeAsync(Market.Id));
        Assert.Equal(default, await Store.ChangesSinceAsync(Market.Id, 0));
    }

    [Theory]
    [InlineData(9, 3, 6)]
    [InlineData(9, 1, 8)]
    [InlineData(9, 100, 0)]
    [InlineData(20, 1, 9)]
    [InlineData(1, 5, 0)]
    public async Task Looking_back_counts_sessions_not_days(int day, int sessions, int expected)
    {
        // Two symbols a session, so that counting bars would not do.
        await Store.UpsertAsync(Market.Id, [.. Enumerable.Range(0, 10).SelectMany(d => new[] { Bar(d, "SPY"), Bar(d, "TLT") })]);
        Assert.Equal(Monday.AddDays(expected), await Store.LookBackAsync(Market.Id, Monday.AddDays(day), sessions));
    }

    [Fact]
    public async Task Looking_back_from_the_first_session_finds_nothing()
    {
        await Store.UpsertAsync(Market.Id, [Bar(0, "SPY")]);
        Assert.Null(await Store.LookBackAsync(Market.Id, Monday, 5));
        Assert.Null(await Store.LookBackAsync(Market.Id, Monday.AddDays(1), 0));
    }

    [Fact]
    public async Task Changes_name_the_earliest_session_touched_since()
    {
        await Store.UpsertAsync(Market.Id, [Bar(0, "SPY"), Bar(1, "SPY"), Bar(2, "SPY")]);
        var first = await Store.ChangesSinceAsync(Market.Id, 0);
        Assert.Equal(Monday, first.Earliest);

        await Store.UpsertAsync(Market.Id, [Bar(3, "SPY")]);
        await Store.UpsertAsync(Market.Id, [Bar(1, "SPY") with { Volume = 9 }, Bar(0, "SPY")]);
        var second = await Store.ChangesSinceAsync(Market.Id, first.Revision);
        Assert.Equal(new BarChanges(first.Revision + 2, Monday.AddDays(1)), second);
        Assert.Equal(new BarChanges(second.Revision, null), await Store.ChangesSinceAsync(Market.Id, second.Revision));
    }

    [Fact]
    public async Task A_write_that_changes_nothing_is_no_news()
    {
        await Store.UpsertAsync(Market.Id, [Bar(0, "SPY")]);
        var before = await Store.ChangesSinceAsync(Market.Id, 0);
        await Store.UpsertAsync(Market.Id, [Bar(0, "SPY")]);
        await Store.UpsertAsync(Market.Id, []);
        Assert.Equal(before, await Store.ChangesSinceAsync(Market.Id, 0));
    }

    [Fact]
    public async Task The_writes_of_another_opener_are_seen()
    {
        var before = await Store.ChangesSinceAsync(Market.Id, 0);
        var other = await OpenAsync();
        await using var _ = (IAsyncDisposable)other;
        await other.UpsertAsync(Market.Id, [Bar(0, "SPY")]);
        Assert.Equal(new BarChanges(before.Revision + 1, Monday), await Store.ChangesSinceAsync(Market.Id, before.Revision));
        Assert.Single(await Read());
    }

    [Fact]
    public async Task Bars_are_there_after_reopening()
    {
        await Store.UpsertAsync(Market.Id, [Bar(0, "SPY")]);
        await ((IAsyncDisposable)Store).DisposeAsync();
        Store = await OpenAsync();
        Assert.Single(await Read());
    }

    protected static Bar Bar(int day, string symbol) => new(symbol, Monday.AddDays(day), 10, 12, 9, 11 + (day / 1_000.0), 1_000 + day);

    private async Task<List<Session>> Read(DateOnly? from = null, DateOnly? to = null) => await Store.ReadAsync(Market, from, to).ToListAsync();
}
