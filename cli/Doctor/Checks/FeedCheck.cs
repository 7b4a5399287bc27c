using System.Globalization;
using Trm.Cli.Hosting;
using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Cli.Doctor.Checks;

/// <summary>
/// Each market's bars: how new they are by the exchange's calendar, whether the newest session is complete, and sessions that are
/// missing among the last ones.
/// </summary>
/// <param name="markets">The markets.</param>
/// <param name="openAsync">Opens the store; null where there is none, or one that must not be opened now.</param>
/// <param name="source">What the user chose to make predictions of; null is live when there are bars.</param>
/// <param name="time">The clock.</param>
internal sealed class FeedCheck(
    IReadOnlyList<Market> markets, Func<CancellationToken, Task<Opened<IBarStore>?>> openAsync, string? source, TimeProvider time)
    : IDoctorCheck
{
    // A year: far more than any feature looks back.
    private const int Sessions = 252;

    private const int Named = 3;

    /// <summary>What a feed may take after the close; <see cref="Market.FreshFor"/> allows for it too.</summary>
    private static readonly TimeSpan FeedTakes = TimeSpan.FromHours(4);

    public string Name => "feed";

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        if (await openAsync(cancellation).ConfigureAwait(false) is not { } opened)
            return [.. markets.Select(NoBars)];
        await using var closing = opened.ConfigureAwait(false);
        var findings = new List<Finding>();
        foreach (var market in markets) findings.AddRange(await LookAsync(market, opened.Store, cancellation).ConfigureAwait(false));
        return findings;
    }

    private async Task<IReadOnlyList<Finding>> LookAsync(Market market, IBarStore bars, CancellationToken cancellation)
    {
        if (await bars.RangeAsync(market.Id, cancellation).ConfigureAwait(false) is not { } range) return [NoBars(market)];
        var from = await bars.LookBackAsync(market.Id, range.Last, Sessions - 1, cancellation).ConfigureAwait(false) ?? range.Last;
        var stored = new Dictionary<DateOnly, Session>();
        await foreach (var session in bars.ReadAsync(market, from, range.Last, cancellation).ConfigureAwait(false)) stored[session.Date] = session;

        var calendar = ExchangeCalendar.Of(market);
        Finding?[] faults = [Age(market, calendar, range.Last), Incomplete(market, stored.GetValueOrDefault(range.Last), range.Last), Gaps(market, calendar, from, range.Last, stored)];
        var found = faults.OfType<Finding>().ToArray();
        return found.Length > 0 ? found : [Finding.Ok($"{market.Id}: bars to {Text(range.Last)}, all {market.Symbols.Count} symbols, {Whole(calendar, stored.Count)}")];
    }

    private Finding? Age(Market market, ExchangeCalendar calendar, DateOnly last)
    {
        if (source is "replay" or "simulated") return null;
        var now = time.GetUtcNow();
        var due = calendar.LastClosed(now - FeedTakes);
        var missing = calendar.Sessions(last.AddDays(1), due).Count();
        if (missing == 0) return null;
        var found = $"{market.Id}: newest bars are of {Text(last)}, {Many(missing, "session")} behind ({Text(due)} is due)";
        var toDo = $"look at what brings them, and bring them: 'trm ingest FILE.csv', or POST /api/markets/{market.Id}/bars";
        return now - market.CloseOf(last) > market.FreshFor
            ? Finding.Fail($"{found}, and live predictions say quality 0", toDo)
            : Finding.Warn(found, toDo);
    }

    private static Finding? Incomplete(Market market, Session? newest, DateOnly last)
    {
        var missing = market.Symbols.Where(symbol => newest?.Bars.ContainsKey(symbol) != true).ToArray();
        return missing.Length == 0
            ? null
            : Finding.Warn($"{market.Id}: the session of {Text(last)} has no bar of {Some(missing)}", "bring them; until then features that need them cannot be computed");
    }

    private static Finding? Gaps(Market market, ExchangeCalendar calendar, DateOnly from, DateOnly last, Dictionary<DateOnly, Session> stored)
    {
        if (!calendar.KnowsHolidays) return null;
        var missing = calendar.Sessions(from, last).Where(date => !stored.ContainsKey(date)).Select(Text).ToArray();
        return missing.Length == 0
            ? null
            : Finding.Warn($"{market.Id}: {Many(missing.Length, "session")} since {Text(from)} {(missing.Length == 1 ? "has" : "have")} no bars: {Some(missing)}", "ingest them, or features look back over the wrong days");
    }

    private static Finding NoBars(Market market) => Finding.Warn($"{market.Id}: no bars, so predictions are of a simulated market", "bring some with 'trm ingest FILE.csv'");

    private static string Whole(ExchangeCalendar calendar, int sessions) => calendar.KnowsHolidays
        ? $"no gap in {Many(sessions, "session")} (NYSE calendar)"
        : "gaps not looked for (the exchange's holidays are not known)";

    private static string Some(string[] all) => all.Length <= Named ? string.Join(", ", all) : $"{string.Join(", ", all.Take(Named))} and {all.Length - Named} more";

    private static string Many(int count, string what) => count == 1 ? $"1 {what}" : $"{count.ToString(CultureInfo.InvariantCulture)} {what}s";

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
