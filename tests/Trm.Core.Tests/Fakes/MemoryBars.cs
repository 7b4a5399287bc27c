using System.Runtime.CompilerServices;
using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Core.Tests.Fakes;

/// <summary>Sessions in memory; a read does not see those that are added after it began.</summary>
internal sealed class MemoryBars(IEnumerable<Session> sessions) : IBarStore
{
    public List<Session> Sessions { get; } = [.. sessions];

    /// <summary>Sessions handed out so far.</summary>
    public int Read { get; private set; }

    /// <summary>Fails this many reads.</summary>
    public int Fail { get; set; }

    public async IAsyncEnumerable<Session> ReadAsync(
        Market market, DateOnly? from = null, DateOnly? to = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.Yield();
        if (Fail-- > 0) throw new TrmException("storage_unavailable", "the disk is away");
        foreach (var session in Sessions.Where(s => !(s.Date < from) && !(s.Date > to)).ToList())
        {
            Read++;
            yield return session;
        }
    }

    public Task<DateOnly?> LookBackAsync(string market, DateOnly date, int sessions, CancellationToken cancellation = default) =>
        Task.FromResult(Sessions.Where(s => s.Date < date).TakeLast(sessions).Select(s => (DateOnly?)s.Date).FirstOrDefault());

    public Task<BarRange?> RangeAsync(string market, CancellationToken cancellation = default) => Task.FromResult<BarRange?>(
        Sessions.Count == 0 ? null : new BarRange(Sessions[0].Date, Sessions[^1].Date, Sessions.Count, Sessions.Sum(s => s.Bars.Count)));

    public Task<BarImport> UpsertAsync(string market, IReadOnlyCollection<Bar> bars, CancellationToken cancellation = default) => throw new NotSupportedException();

    public Task<BarChanges> ChangesSinceAsync(string market, long revision, CancellationToken cancellation = default) => throw new NotSupportedException();
}
