using Microsoft.Extensions.Time.Testing;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Hosting;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Cli.Tests.Support;
using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Storage.Bars;

namespace Trm.Cli.Tests.Doctor;

public sealed class FeedCheckTests : IDisposable
{
    private static readonly Market NewYork = new() { Id = "m", Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = ["SPY", "TLT"] };
    private static readonly DateOnly Wednesday = new(2026, 11, 25); // The day before Thanksgiving.

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(Utc("2026-11-27T15:00:00")); // Friday morning in New York.

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Bars_to_the_last_session_are_new_over_a_holiday_too()
    {
        await StoreAsync(Days(15));

        Assert.Equal("Ok: m: bars to 2026-11-25, all 3 symbols, no gap in 15 sessions (NYSE calendar)", await LookAsync());
    }

    [Theory]
    [InlineData("2026-11-28T00:59:00", "Ok")] // Friday's close is 21:00; the feed may take four hours.
    [InlineData("2026-11-28T01:01:00", "Warn")]
    [InlineData("2026-11-29T23:00:00", "Warn")] // fresh for 100 hours after Wednesday's close, to the 30th at 01:00
    [InlineData("2026-11-30T01:01:00", "Fail")]
    public async Task A_session_that_is_due_is_missed_and_fails_once_the_market_is_stale(string now, string verdict)
    {
        await StoreAsync(Days(15));
        time.SetUtcNow(Utc(now));

        var found = await LookAsync();

        Assert.StartsWith(verdict, found);
        if (verdict != "Ok") Assert.Contains("newest bars are of 2026-11-25, 1 session behind (2026-11-27 is due)", found);
    }

    [Fact]
    public async Task A_replay_needs_no_new_bars()
    {
        await StoreAsync(Days(15));
        time.SetUtcNow(Utc("2030-01-01T00:00:00"));

        Assert.StartsWith("Fail", await LookAsync());
        Assert.StartsWith("Ok", await LookAsync(source: "replay"));
    }

    [Fact]
    public async Task Symbols_that_the_newest_session_lacks_and_sessions_that_are_missing_are_named()
    {
        await StoreAsync(Days(15).Where(day => day.Day != 18), (symbol, day) => symbol != "VIX" || day != Wednesday);

        var found = await Look.AtAsync(Check(NewYork));

        Assert.Equal(2, found.Length);
        Assert.StartsWith("Warn: m: the session of 2026-11-25 has no bar of VIX", found[0]);
        Assert.StartsWith("Warn: m: 1 session since 2026-11-05 has no bars: 2026-11-18", found[1]);
    }

    [Fact]
    public async Task Where_holidays_are_not_known_gaps_are_not_claimed()
    {
        await StoreAsync(Days(15).Where(day => day.Day != 18));

        Assert.EndsWith("(the exchange's holidays are not known)", await LookAsync(NewYork with { TimeZone = "America/Chicago" }, source: "replay"));
    }

    [Fact]
    public async Task A_market_without_bars_is_simulated_and_it_says_how_to_bring_some()
    {
        const string Expected = "Warn: m: no bars, so predictions are of a simulated market; bring some with 'trm ingest FILE.csv'";

        Assert.Equal(Expected, await LookAsync());
        Assert.Equal(Expected, await Look.AtOneAsync(new FeedCheck([NewYork], _ => Task.FromResult<Opened<IBarStore>?>(null), null, time)));
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text + "Z");

    private static IEnumerable<DateOnly> Days(int sessions) =>
        ExchangeCalendar.Of(NewYork).Sessions(Wednesday.AddDays(-60), Wednesday).TakeLast(sessions);

    private Task<string> LookAsync(Market? market = null, string? source = null) => Look.AtOneAsync(Check(market ?? NewYork, source));

    private FeedCheck Check(Market market, string? source = null) => new([market], OpenAsync, source, time);

    private async Task<Opened<IBarStore>?> OpenAsync(CancellationToken cancellation)
    {
        var store = await SqliteBarStore.OpenAsync(folder.Path, time, cancellation);
        return new Opened<IBarStore>(store, store);
    }

    private async Task StoreAsync(IEnumerable<DateOnly> days, Func<string, DateOnly, bool>? has = null)
    {
        await using var store = await SqliteBarStore.OpenAsync(folder.Path, time);
        var bars = days.SelectMany(day => NewYork.Symbols.Where(symbol => has?.Invoke(symbol, day) != false).Select(symbol => new Bar(symbol, day, 1, 1, 1, 1, 1)));
        await store.UpsertAsync(NewYork.Id, [.. bars]);
    }
}
