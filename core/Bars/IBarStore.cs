using Trm.Core.Markets;

namespace Trm.Core.Bars;

/// <summary>The durable bars of every market, keyed by (market, session, symbol).</summary>
public interface IBarStore
{
    /// <summary>
    /// Adds or corrects bars in one transaction: all or none. The bars have passed <see cref="BarRules"/> and name
    /// each (session, symbol) once.
    /// </summary>
    Task<BarImport> UpsertAsync(string market, IReadOnlyCollection<Bar> bars, CancellationToken cancellation = default);

    /// <summary>Sessions in date order, both ends included, with the bars of the market's symbols.</summary>
    IAsyncEnumerable<Session> ReadAsync(Market market, DateOnly? from = null, DateOnly? to = null, CancellationToken cancellation = default);

    /// <summary>
    /// The date that lies <paramref name="sessions"/> sessions before <paramref name="date"/>, or the first there is:
    /// where to start reading to warm up a feature extractor. Null when nothing is stored before the date.
    /// </summary>
    Task<DateOnly?> LookBackAsync(string market, DateOnly date, int sessions, CancellationToken cancellation = default);

    /// <summary>First and last session and how much is stored; null when the market has no bars.</summary>
    Task<BarRange?> RangeAsync(string market, CancellationToken cancellation = default);

    /// <summary>
    /// What changed after a revision: the newest revision, and the earliest session added or corrected since
    /// (null when nothing was). Sees the writes of other processes. Revision 0 is the empty store.
    /// </summary>
    Task<BarChanges> ChangesSinceAsync(string market, long revision, CancellationToken cancellation = default);
}

/// <summary>What an import did, in bars.</summary>
/// <param name="Added">New (session, symbol) pairs.</param>
/// <param name="Changed">Stored bars whose values differed and were replaced.</param>
/// <param name="Unchanged">Stored bars that were equal.</param>
public readonly record struct BarImport(int Added, int Changed, int Unchanged)
{
    /// <summary>The sum of two imports.</summary>
    public static BarImport operator +(BarImport left, BarImport right) => Add(left, right);

    /// <summary>The sum of two imports.</summary>
    public static BarImport Add(BarImport left, BarImport right) =>
        new(left.Added + right.Added, left.Changed + right.Changed, left.Unchanged + right.Unchanged);
}

/// <summary>How much of a market is stored.</summary>
/// <param name="First">First session.</param>
/// <param name="Last">Last session.</param>
/// <param name="Sessions">Distinct sessions.</param>
/// <param name="Bars">Bars in all.</param>
public sealed record BarRange(DateOnly First, DateOnly Last, int Sessions, long Bars);

/// <summary>What changed in a market's bars.</summary>
/// <param name="Revision">The newest revision; grows with every write that changes something.</param>
/// <param name="Earliest">Earliest session added or corrected since the revision asked about; null when none was.</param>
public readonly record struct BarChanges(long Revision, DateOnly? Earliest);
