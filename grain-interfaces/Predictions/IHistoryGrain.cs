using Orleans.Concurrency;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Predictions;

/// <summary>One market's log; its key is the market's id. Its appends are one after the other, its reads go beside them.</summary>
[Alias("trm.history")]
public interface IHistoryGrain : IGrainWithStringKey
{
    /// <summary>Where the log stands; makes its epoch when the market is new.</summary>
    /// <exception cref="ClusterException"><c>unknown_market</c>, or the log cannot be read now.</exception>
    [AlwaysInterleave]
    [Alias("head")]
    Task<LogHead> HeadAsync();

    /// <summary>
    /// Appends the next prediction; durable when it returns. One that is there already is left as it is. For the market's
    /// strategy.
    /// </summary>
    /// <exception cref="ClusterException">The log refused; the same prediction may be offered again.</exception>
    [Alias("append")]
    Task<AppendReply> AppendAsync(Prediction prediction);

    /// <summary>A range of the log, in ascending sequence.</summary>
    /// <exception cref="ClusterException"><c>unknown_market</c>, a limit that is none, or the log cannot be read now.</exception>
    [AlwaysInterleave]
    [Alias("read")]
    Task<IReadOnlyList<Prediction>> ReadAsync(LogQuery query);

    /// <summary>Totals of the market.</summary>
    /// <exception cref="ClusterException"><c>unknown_market</c>, or the log cannot be read now.</exception>
    [AlwaysInterleave]
    [Alias("summarize")]
    Task<PredictionSummary> SummarizeAsync();

    /// <summary>What came of the market's predictions.</summary>
    /// <exception cref="ClusterException"><c>unknown_market</c>, a limit that is none, or outcomes cannot be read now.</exception>
    [AlwaysInterleave]
    [Alias("outcomes")]
    Task<OutcomePage> OutcomesAsync(OutcomeQuery query);
}
