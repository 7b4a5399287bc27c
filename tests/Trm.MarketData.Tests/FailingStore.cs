using System.Runtime.CompilerServices;
using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.MarketData.Tests;

/// <summary>A store that can fail in the middle of a read, and that counts how often it is read.</summary>
internal sealed class FailingStore(IBarStore store) : IBarStore
{
    public bool Fails { get; set; }

    public int SessionsRead { get; private set; }

    public Task<BarImport> UpsertAsync(string market, IReadOnlyCollection<Bar> bars, CancellationToken cancellation = default) => store.UpsertAsync(market, bars, cancellation);

    public async IAsyncEnumerable<Session> ReadAsync(
        Market market, DateOnly? from = null, DateOnly? to = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var session in store.ReadAsync(market, from, to, cancellation))
        {
            SessionsRead++;
            yield return session;
            if (Fails) throw new IOException("the disk is gone");
        }
    }

    public Task<DateOnly?> LookBackAsync(string market, DateOnly date, int sessions, CancellationToken cancellation = default) => store.LookBackAsync(market, date, sessions, cancellation);

    public Task<BarRange?> RangeAsync(string market, CancellationToken cancellation = default) => store.RangeAsync(market, cancellation);

    public Task<BarChanges> ChangesSinceAsync(string market, long revision, CancellationToken cancellation = default) => store.ChangesSinceAsync(market, revision, cancellation);
}
