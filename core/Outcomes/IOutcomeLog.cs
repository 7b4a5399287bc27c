using Trm.Core.Features;

namespace Trm.Core.Outcomes;

/// <summary>
/// The durable record of what came of predictions. All of it can be made anew from bars and log: what is lost here is recorded
/// again, and what is recorded twice is there once.
/// </summary>
public interface IOutcomeLog
{
    /// <summary>
    /// Adds what came of sessions, and what stood at their close. An outcome that is there stays as it was; of a session and a
    /// model the prediction made last stays.
    /// </summary>
    Task RecordAsync(string market, OutcomeRule rule, IReadOnlyCollection<JudgedSession> sessions, CancellationToken cancellation = default);

    /// <summary>The last sequence of a log that was judged; 0 when none was.</summary>
    Task<long> CursorAsync(string market, Guid epoch, CancellationToken cancellation = default);

    /// <summary>Judged predictions, by session ascending and then in the order they were made.</summary>
    Task<IReadOnlyList<JudgedPrediction>> ReadAsync(string market, OutcomeRule rule, OutcomeQuery query, CancellationToken cancellation = default);

    /// <summary>
    /// The newest judged predictions of each model, at most <paramref name="sessions"/> of each, in the same order; of horizons that
    /// ended by <paramref name="settledBy"/>.
    /// </summary>
    Task<IReadOnlyList<JudgedPrediction>> NewestAsync(string market, OutcomeRule rule, DateOnly settledBy, int sessions, CancellationToken cancellation = default);

    /// <summary>The features of the sessions that were predicted last and judged, at most <paramref name="sessions"/>, in the order they were made.</summary>
    Task<IReadOnlyList<SessionPrediction>> FeaturesAsync(string market, int sessions, CancellationToken cancellation = default);
}

/// <summary>Which judged predictions to read. All limits hold at once.</summary>
public sealed record OutcomeQuery
{
    /// <summary>The most sessions that one read returns.</summary>
    public const int MaxLimit = 5_000;

    /// <summary>Only sessions after this.</summary>
    public DateOnly? After { get; init; }

    /// <summary>Only sessions before this.</summary>
    public DateOnly? Before { get; init; }

    /// <summary>Only horizons that ended by this session: a replay does not know its future, though an earlier one left it here.</summary>
    public DateOnly? SettledBy { get; init; }

    /// <summary>Only predictions of this model.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>At most so many sessions, each with all its models; 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>Without <see cref="After"/> the newest that match are meant, else the oldest.</summary>
    public bool Newest => After is null;
}

/// <summary>What came of a session, and what was said of it.</summary>
/// <param name="Outcome">What each strategy realised.</param>
/// <param name="Predictions">The last of each model, one or more.</param>
public sealed record JudgedSession(SessionOutcome Outcome, IReadOnlyCollection<SessionPrediction> Predictions);

/// <summary>The last prediction that a model made of a session: what stood at its close.</summary>
/// <param name="Session">The session.</param>
/// <param name="Epoch">The log it is in.</param>
/// <param name="Sequence">Its place there.</param>
/// <param name="Timestamp">When it was made.</param>
/// <param name="ModelVersion">The model that made it.</param>
/// <param name="Probabilities">Eight, by strategy id.</param>
/// <param name="FeatureSet">The recipe of the features.</param>
/// <param name="Features">The ten raw features.</param>
public sealed record SessionPrediction(
    DateOnly Session, Guid Epoch, long Sequence, DateTimeOffset Timestamp, string ModelVersion, IReadOnlyList<float> Probabilities, string FeatureSet, FeatureVector Features);
