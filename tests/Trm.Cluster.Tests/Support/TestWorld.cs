using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Trm.Core.Bars;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Core.Tests.Fakes;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains.Markets;

namespace Trm.Cluster.Tests.Support;

/// <summary>What is outside the silos and the same for each: markets, model, database.</summary>
internal sealed class TestWorld : IMarketBook, IBarIntake, IPredictor, ILoggerProvider, ILogger, IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<string, TestMarket> markets = new(StringComparer.Ordinal);
    private static readonly TextWriter? trace = Environment.GetEnvironmentVariable("TRM_TEST_TRACE") is null ? null : Console.Error;
    private readonly ConcurrentDictionary<(string Key, string Method), int> calls = new();
    private int codes;

    public TestLog Predictions { get; } = new();

    /// <summary>What happened in every market; empty unless a test says something.</summary>
    public MemoryBars Sessions { get; } = new([]);

    public MemoryOutcomes Outcomes { get; } = new();

    public TestStorage Storage { get; } = new();

    public StreamTap Streams { get; } = new();

    /// <summary>Bars that were pushed, by market.</summary>
    public ConcurrentQueue<(string Market, IReadOnlyList<Bar> Bars)> Bars { get; } = new();

    /// <summary>What the silos' logs have of errors that are a bug whenever they happen.</summary>
    public ConcurrentQueue<Exception> Crashes { get; } = new();

    public IReadOnlyList<Market> Markets => [.. markets.Values.OrderBy(m => m.Code).Select(m => m.Definition)];

    public ModelInfo Model { get; } = new FakePredictor().Model;

    /// <summary>A market of the calling test.</summary>
    public TestMarket Add(Func<string, int, TestMarket>? make = null)
    {
        var code = Interlocked.Increment(ref codes);
        var id = $"market-{code}";
        return markets[id] = make?.Invoke(id, code) ?? new TestMarket { Id = id, Code = code };
    }

    public MarketPlan Get(string market) => markets.TryGetValue(market, out var known) ? known.Plan : throw new UnknownMarketException(market, markets.Keys);

    public Task<BarReceipt> TakeAsync(Market market, IReadOnlyList<Bar> bars)
    {
        Bars.Enqueue((market.Id, bars));
        return Task.FromResult(new BarReceipt(bars.Count, 0, 0, 0, []));
    }

    public Task<BarReceipt> TakeCsvAsync(Market market, string csv)
    {
        if (!csv.StartsWith("date,", StringComparison.Ordinal)) throw new Core.TrmException("bad_header", "no column date");
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;
        Bars.Enqueue((market.Id, new Bar[lines]));
        return Task.FromResult(new BarReceipt(lines, 0, 0, 1, [new RefusedBar(7, "no close")]));
    }

    public async ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default) =>
        markets.Values.FirstOrDefault(m => m.Code == (int)features[0]) is { } market
            ? await market.PredictAsync(features, Model)
            : new ModelOutput(features, TestMarket.Probabilities(0), 0.25f, Model);

    /// <summary>How often a method of a grain has run to its end.</summary>
    public int Calls(string key, string method) => calls.GetValueOrDefault((key, method));

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.Grain is IGrainBase grain) calls.AddOrUpdate((grain.GrainContext.GrainId.Key.ToString()!, context.MethodName), 1, (_, count) => count + 1);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is NullReferenceException or InvalidCastException) Crashes.Enqueue(exception);
        if (trace is not null) trace.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {exception?.GetType().Name}");
    }

    public void Dispose()
    {
    }
}
