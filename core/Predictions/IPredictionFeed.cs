using Trm.Core.Markets;
using Trm.Core.Outcomes;

namespace Trm.Core.Predictions;

/// <summary>
/// The live stream of predictions that a gateway fans out, and the way back into the log. Live notices may be lost
/// (the log is not): a listener that sees a sequence gap reads what it missed.
/// </summary>
public interface IPredictionFeed
{
    /// <summary>The markets it carries.</summary>
    IReadOnlyList<Market> Markets { get; }

    /// <summary>Epoch and latest prediction of a market.</summary>
    /// <exception cref="UnknownMarketException">It carries no such market.</exception>
    ValueTask<LogHead> HeadAsync(string market, CancellationToken cancellation = default);

    /// <summary>A range of a market's log.</summary>
    /// <exception cref="UnknownMarketException">It carries no such market.</exception>
    Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default);

    /// <summary>Totals of a market.</summary>
    /// <exception cref="UnknownMarketException">It carries no such market.</exception>
    Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default);

    /// <summary>What came of a market's predictions. A feed that keeps no outcomes has none.</summary>
    /// <exception cref="UnknownMarketException">It carries no such market.</exception>
    Task<OutcomePage> ReadOutcomesAsync(string market, OutcomeQuery query, CancellationToken cancellation = default) => Task.FromResult(OutcomePage.Empty);

    /// <summary>Calls the listener for everything from now on, in order per market, until disposed.</summary>
    IDisposable Subscribe(IFeedListener listener);
}

/// <summary>Hears the live stream. Calls must return at once: they run on the pipeline's way.</summary>
public interface IFeedListener
{
    /// <summary>A prediction was appended to the log.</summary>
    void OnPrediction(Prediction prediction);

    /// <summary>A tick produced none.</summary>
    void OnError(PredictionError error);
}

/// <summary>Where the pipeline tells what happened.</summary>
public interface IPredictionPublisher
{
    /// <summary>Tells of a prediction that is in the log.</summary>
    ValueTask PublishAsync(Prediction prediction, CancellationToken cancellation = default);

    /// <summary>Tells of a tick that produced none.</summary>
    ValueTask PublishErrorAsync(PredictionError error, CancellationToken cancellation = default);
}

/// <summary>A tick that produced no prediction.</summary>
/// <param name="Market">Market id.</param>
/// <param name="Code">Stable, lower_snake_case.</param>
/// <param name="Message">One line for people.</param>
/// <param name="Timestamp">When it happened.</param>
public sealed record PredictionError(string Market, string Code, string Message, DateTimeOffset Timestamp)
{
    /// <summary>For this process's log only; never on the wire.</summary>
    public Exception? Cause { get; init; }
}

/// <summary>A market that is not served here.</summary>
/// <param name="market">The id asked for.</param>
/// <param name="known">The ids there are.</param>
public sealed class UnknownMarketException(string market, IEnumerable<string> known) : TrmException(
    "unknown_market", $"market '{market}' is not served here; there is {string.Join(", ", known)}");
