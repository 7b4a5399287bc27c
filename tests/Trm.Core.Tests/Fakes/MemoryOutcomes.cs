using Trm.Core.Outcomes;

namespace Trm.Core.Tests.Fakes;

/// <summary>Outcomes in memory by the real store's rules, and failures on demand.</summary>
internal sealed class MemoryOutcomes : IOutcomeLog
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Market, DateOnly Session), SessionOutcome> outcomes = [];
    private readonly Dictionary<(string Market, DateOnly Session, string Model), SessionPrediction> predictions = [];

    /// <summary>Fails this many records.</summary>
    public int Fail { get; set; }

    /// <summary>Records that were made or failed.</summary>
    public int Records { get; private set; }

    public IReadOnlyList<DateOnly> Sessions(string market)
    {
        lock (gate) return [.. outcomes.Keys.Where(k => k.Market == market).Select(k => k.Session)];
    }

    public Task RecordAsync(string market, OutcomeRule rule, IReadOnlyCollection<JudgedSession> sessions, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            Records++;
            if (Fail-- > 0) throw new TrmException("storage_unavailable", "the disk is full");
            foreach (var session in sessions)
            {
                outcomes.TryAdd((market, session.Outcome.Session), session.Outcome);
                foreach (var prediction in session.Predictions)
                {
                    var key = (market, prediction.Session, prediction.ModelVersion);
                    if (!predictions.TryGetValue(key, out var there) || (prediction.Timestamp, prediction.Sequence).CompareTo((there.Timestamp, there.Sequence)) > 0) predictions[key] = prediction;
                }
            }
        }
        return Task.CompletedTask;
    }

    public Task<long> CursorAsync(string market, Guid epoch, CancellationToken cancellation = default)
    {
        lock (gate) return Task.FromResult(predictions.Where(p => p.Key.Market == market && p.Value.Epoch == epoch).Select(p => p.Value.Sequence).DefaultIfEmpty().Max());
    }

    public Task<IReadOnlyList<JudgedPrediction>> ReadAsync(string market, OutcomeRule rule, OutcomeQuery query, CancellationToken cancellation = default)
    {
        var matching = All(market).Where(p =>
            !(p.Outcome.Session <= query.After) && !(p.Outcome.Session >= query.Before) && !(p.Outcome.Settled > query.SettledBy) && (query.ModelVersion ?? p.ModelVersion) == p.ModelVersion).ToList();
        var sessions = matching.Select(p => p.Outcome.Session).Distinct();
        var taken = (query.Newest ? sessions.TakeLast(query.Limit) : sessions.Take(query.Limit)).ToHashSet();
        return Task.FromResult<IReadOnlyList<JudgedPrediction>>([.. matching.Where(p => taken.Contains(p.Outcome.Session))]);
    }

    public Task<IReadOnlyList<JudgedPrediction>> NewestAsync(string market, OutcomeRule rule, DateOnly settledBy, int sessions, CancellationToken cancellation = default)
    {
        var known = All(market).Where(p => p.Outcome.Settled <= settledBy).ToList();
        return Task.FromResult<IReadOnlyList<JudgedPrediction>>(
            [.. known.Where(p => known.Count(other => other.ModelVersion == p.ModelVersion && other.Outcome.Session > p.Outcome.Session) < sessions)]);
    }

    public Task<IReadOnlyList<SessionPrediction>> FeaturesAsync(string market, int sessions, CancellationToken cancellation = default)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<SessionPrediction>>(
                [.. predictions.Where(p => p.Key.Market == market).Select(p => p.Value).OrderBy(p => p.Timestamp).ThenBy(p => p.Sequence).TakeLast(sessions)]);
        }
    }

    private List<JudgedPrediction> All(string market)
    {
        lock (gate)
        {
            return [.. predictions.Where(p => p.Key.Market == market).Select(p => p.Value).OrderBy(p => p.Session).ThenBy(p => p.Timestamp).ThenBy(p => p.Sequence)
                .Select(p => new JudgedPrediction(p.Epoch, p.Sequence, p.ModelVersion, p.Probabilities, outcomes[(market, p.Session)]))];
        }
    }
}
