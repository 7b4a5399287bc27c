namespace Trm.Gateway.Rest;

// What OpenAPI says of the bodies that PredictionJson, SummaryJson and OutcomeJson write. A test holds the names together.

internal sealed record ModelOutputSchema(
    DateTimeOffset Timestamp,
    int StrategyId, string StrategyName, float Confidence, IReadOnlyDictionary<string, float> Probabilities,
    IReadOnlyList<double> RawFeatures, IReadOnlyList<double> NormalizedFeatures, float HaltProbability,
    ModelMetadataSchema ModelMetadata, string ModelVersion, string FeatureSet);

internal sealed record PredictionSchema(
    DateTimeOffset Timestamp, int StrategyId, string StrategyName, float Confidence, IReadOnlyDictionary<string, float> Probabilities,
    IReadOnlyList<double> RawFeatures, IReadOnlyList<double> NormalizedFeatures, float HaltProbability,
    ModelMetadataSchema ModelMetadata, string Market, Guid Epoch, long Sequence, DateTimeOffset AsOf, string Source,
    string ModelVersion, string FeatureSet, string TraceId, double Quality,
    double? StalenessSeconds = null, IReadOnlyList<string>? Proxies = null, bool? MockData = null);

internal sealed record ModelMetadataSchema(int RecursionCycles, int LatentSteps, int EffectiveDepth);

internal sealed record PredictionPageSchema(string Market, Guid Epoch, IReadOnlyList<PredictionSchema> Predictions, long? NextAfter);

internal sealed record SummarySchema(
    long TotalPredictions, int RecentCount, IReadOnlyDictionary<string, int> StrategyDistribution, double AverageConfidence, PredictionSchema? LastPrediction,
    OutcomeDigestSchema? Outcomes, DriftSchema? Drift);

internal sealed record OutcomeDigestSchema(
    string ModelVersion, int Sessions, double HitRate, double Top3Rate, double CalibrationError, double RealisedUtility);

internal sealed record DriftSchema(int Sessions, double Threshold, IReadOnlyDictionary<string, double> Features, IReadOnlyList<string> Warnings);

internal sealed record OutcomePageSchema(
    string Market, OutcomeRuleSchema Rule, IReadOnlyList<OutcomeSchema> Outcomes, IReadOnlyList<OutcomeStatisticsSchema> Statistics, string? Reason = null);

internal sealed record OutcomeRuleSchema(string Name, int HorizonSessions, double TotalRisk, double ActiveRisk, double Temperature);

internal sealed record OutcomeSchema(
    DateOnly Session, DateOnly Settled, Guid Epoch, long Sequence, string ModelVersion, string StrategyName, float Confidence,
    string BestStrategy, bool Hit, bool Top3, float ProbabilityOfBest, IReadOnlyDictionary<string, float> Probabilities,
    IReadOnlyDictionary<string, double> Returns, IReadOnlyDictionary<string, double> Utilities);

internal sealed record OutcomeStatisticsSchema(
    string ModelVersion, int WindowSessions, int Sessions, double HitRate, double Top3Rate, double LogLoss, double HardLogLoss, double Brier,
    double AverageConfidence, double CalibrationError, double RealisedUtility, double RealisedReturn, BestConstantSchema BestConstant,
    IReadOnlyList<ReliabilityBinSchema> Reliability);

internal sealed record BestConstantSchema(string StrategyName, double Utility);

internal sealed record ReliabilityBinSchema(double From, double To, int Sessions, double AverageConfidence, double HitRate);

internal sealed record BarSchema(DateOnly Date, string Symbol, double Open, double High, double Low, double Close, double Volume);

internal sealed record LiveBody(string Status);

internal sealed record ReadyBody(string Status, IReadOnlyList<ReadyCheckBody> Checks);

internal sealed record ReadyCheckBody(string Name, bool Ok, string? Message);

internal sealed record HealthBody(
    string Status, string Version, double UptimeSeconds, IReadOnlyList<MarketHealthBody> Markets, ConnectionsBody Connections,
    MessagesBody Messages, LatencyBody SnapshotToSocket);

internal sealed record MarketHealthBody(string Market, Guid Epoch, long Sequence, string? Timestamp, double? AgeSeconds);

internal sealed record ConnectionsBody(int Total, int Websocket, int Sse);

internal sealed record MessagesBody(long Sent, long Conflated, long Dropped);

internal sealed record LatencyBody(long Count, double P50Ms, double P99Ms, double MaxMs);

internal sealed record MarketBody(
    string Id, string Name, string Benchmark, string Bond, string VolatilityIndex, IReadOnlyList<string> Symbols, string TimeZone, Guid Epoch, long Sequence);

internal sealed record ModelBody(
    string Name, string Version, string FeatureSet, IReadOnlyList<string> FeatureNames, int HiddenSize, int RecursionCycles, int LatentSteps,
    int EffectiveDepth, long Parameters, DateOnly? TrainedFrom, DateOnly? TrainedTo, IReadOnlyList<StrategyBody> Strategies);

internal sealed record StrategyBody(int Id, string Name, int BenchmarkPercent, int BondPercent, int CashPercent);
