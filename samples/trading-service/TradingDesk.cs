using System.Text.Json;
using Trm.Core.Markets;
using Trm.Core.Predictions;

namespace Trm.Samples.TradingService;

/// <summary>Acts when the model is sure enough. Here an action is a line; in yours it may be an order.</summary>
/// <param name="confidence">From which on it acts.</param>
/// <param name="actions">Where the lines go.</param>
internal sealed class TradingDesk(double confidence, TextWriter actions)
{
    private long followed;
    private long acted;
    private long repaired;
    private long renewals;
    private long stressed;
    private long changed;

    /// <summary>A prediction, each one once and in its market's order.</summary>
    public void Take(Market market, Prediction prediction)
    {
        Interlocked.Increment(ref followed);
        if (prediction.Confidence < confidence) return;
        Interlocked.Increment(ref acted);
        var strategy = prediction.Strategy;
        actions.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["market"] = market.Id,
            ["sequence"] = prediction.Sequence,
            ["strategy"] = strategy.Name,
            ["confidence"] = prediction.Confidence,
            [market.Benchmark] = strategy.Benchmark,
            [market.Bond] = strategy.Bond,
            ["cash"] = strategy.Cash,
        }));
    }

    /// <summary>Predictions that the stream did not bring.</summary>
    public void CountRepaired(long predictions) => Interlocked.Add(ref repaired, predictions);

    /// <summary>A subscription that had gone silent.</summary>
    public void CountRenewal() => Interlocked.Increment(ref renewals);

    /// <summary>An answer under stress, and whether it was another strategy.</summary>
    public void CountStress(bool isOther)
    {
        Interlocked.Increment(ref stressed);
        if (isOther) Interlocked.Increment(ref changed);
    }

    /// <summary>What it did.</summary>
    public DeskReport Report() => new(
        Interlocked.Read(ref followed), Interlocked.Read(ref acted), Interlocked.Read(ref repaired),
        Interlocked.Read(ref renewals), Interlocked.Read(ref stressed), Interlocked.Read(ref changed));
}
