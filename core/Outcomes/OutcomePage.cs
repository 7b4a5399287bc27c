namespace Trm.Core.Outcomes;

/// <summary>Outcomes that were asked for, and what figures are made of.</summary>
/// <param name="Rule">What they were made by.</param>
/// <param name="Outcomes">Those asked for, by session ascending and then in the order the predictions were made.</param>
/// <param name="Newest">The newest of each model, at most <see cref="WindowSessions"/> of each, in the same order.</param>
/// <param name="Reason">Why there can be none, for people; null when there can.</param>
public sealed record OutcomePage(OutcomeRule Rule, IReadOnlyList<JudgedPrediction> Outcomes, IReadOnlyList<JudgedPrediction> Newest, string? Reason = null)
{
    /// <summary>Sessions that rolling figures are taken over: a quarter of a year.</summary>
    public const int WindowSessions = 63;

    /// <summary>None yet.</summary>
    public static OutcomePage Empty { get; } = new(OutcomeRule.UtilityV1, [], []);

    /// <summary>None ever.</summary>
    public static OutcomePage Simulated { get; } = Empty with { Reason = "the market is simulated: each tick is a session of its own, and nothing comes of it" };

    /// <summary>Figures of each model over its newest sessions; the model of the newest session first.</summary>
    public IReadOnlyList<ModelStatistics> Statistics =>
    [
        .. Newest.Select((prediction, place) => (prediction, place)).GroupBy(p => p.prediction.ModelVersion).OrderByDescending(model => model.Max(p => p.place))
            .Select(model => new ModelStatistics(model.Key, OutcomeStatistics.Of([.. model.Select(p => p.prediction)], Rule)!)),
    ];
}

/// <summary>How good a model's newest predictions were.</summary>
/// <param name="ModelVersion">The model.</param>
/// <param name="Figures">Over at most <see cref="OutcomePage.WindowSessions"/> sessions.</param>
public sealed record ModelStatistics(string ModelVersion, OutcomeStatistics Figures)
{
    /// <summary>The same in short, for summaries.</summary>
    public OutcomeDigest Digest => new(ModelVersion, Figures.Sessions, Figures.HitRate, Figures.Top3Rate, Figures.CalibrationError, Figures.RealisedUtility);
}

/// <summary>How good a model's newest predictions were, in short.</summary>
/// <param name="ModelVersion">The model.</param>
/// <param name="Sessions">Sessions judged, at most <see cref="OutcomePage.WindowSessions"/>.</param>
/// <param name="HitRate">Share whose strategy was the best.</param>
/// <param name="Top3Rate">Share whose three likeliest strategies had the best among them.</param>
/// <param name="CalibrationError">Expected calibration error, 0 to 1.</param>
/// <param name="RealisedUtility">Mean utility of the predicted strategies.</param>
public sealed record OutcomeDigest(string ModelVersion, int Sessions, double HitRate, double Top3Rate, double CalibrationError, double RealisedUtility);
