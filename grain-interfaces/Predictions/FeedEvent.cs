using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Predictions;

/// <summary>What a market's stream brings: a prediction that is in the log, or a tick that made none.</summary>
/// <param name="Prediction">The prediction; null when it is an error.</param>
/// <param name="Error">The error; null when it is a prediction.</param>
[GenerateSerializer]
[Immutable]
[Alias("trm.feed-event")]
public sealed record FeedEvent([property: Id(0)] Prediction? Prediction, [property: Id(1)] PredictionError? Error);
