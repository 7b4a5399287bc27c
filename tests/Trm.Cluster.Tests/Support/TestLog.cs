using System.Collections.Concurrent;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Core.Tests.Fakes;

namespace Trm.Cluster.Tests.Support;

/// <summary>The log of all markets, which every silo shares as it does a database.</summary>
internal sealed class TestLog : IPredictionLog
{
    private readonly ConcurrentDictionary<string, InMemoryLog> logs = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, byte> refused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> refusals = new(StringComparer.Ordinal);

    /// <summary>Happens before each append; may throw.</summary>
    public Func<Prediction, Task>? Appending { get; set; }

    /// <summary>Happens after each append, before its caller hears of it; may throw, as a broken connection does.</summary>
    public Func<Prediction, Task>? Appended { get; set; }

    /// <summary>Happens after each look at where a market's log stands, before the answer.</summary>
    public Func<string, Task>? Looked { get; set; }

    /// <summary>Ranges of a market cannot be read until disposed.</summary>
    public IDisposable RefuseReads(string market)
    {
        refused[market] = 0;
        return new Ending(() => refused.TryRemove(market, out _));
    }

    /// <summary>How many reads of a market were refused.</summary>
    public int Refusals(string market) => refusals.GetValueOrDefault(market);

    public bool Has(string market) => logs.ContainsKey(market);

    /// <summary>Changes how a market's log behaves.</summary>
    public void With(string market, Action<InMemoryLog> change)
    {
        var log = Of(market);
        lock (log) change(log);
    }

    public IReadOnlyList<Prediction> Entries(string market)
    {
        var log = Of(market);
        lock (log) return [.. log.Entries];
    }

    public Guid Epoch(string market) => Of(market).Epoch;

    /// <summary>The log starts over, as after the loss of a database.</summary>
    public void StartOver(string market) => With(market, log =>
    {
        log.Entries.Clear();
        log.Epoch = Guid.NewGuid();
    });

    public async Task<LogHead> OpenAsync(string market, CancellationToken cancellation = default)
    {
        var head = await In(market, log => log.OpenAsync(market, cancellation));
        if (Looked is { } act) await act(market);
        return head;
    }

    public async Task<bool> AppendAsync(Prediction prediction, CancellationToken cancellation = default)
    {
        if (Appending is { } act) await act(prediction);
        var isNew = await In(prediction.Market, log => log.AppendAsync(prediction, cancellation));
        if (Appended is { } then) await then(prediction);
        return isNew;
    }

    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default)
    {
        if (!refused.ContainsKey(market)) return In(market, log => log.ReadAsync(market, query, cancellation));
        refusals.AddOrUpdate(market, 1, (_, count) => count + 1);
        throw new TrmException("storage_unavailable", "the database restarts");
    }

    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default) =>
        In(market, log => log.SummarizeAsync(market, cancellation));

    private Task<T> In<T>(string market, Func<InMemoryLog, Task<T>> call)
    {
        var log = Of(market);
        lock (log) return call(log); // It completes before it returns.
    }

    private InMemoryLog Of(string market) => logs.GetOrAdd(market, _ => new InMemoryLog());
}
