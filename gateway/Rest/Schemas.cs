namespace Trm.Gateway.Rest;

// What OpenAPI says of the bodies that PredictionJson and SummaryJson write. A test holds the names together.

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
    long TotalPredictions, int RecentCount, IReadOnlyDictionary<string, int> StrategyDistribution, double AverageConfidence, PredictionSchema? LastPrediction);

internal sealed record BarSchema(DateOnly Date, string Symbol, double Open, double High, double Low, double Close, double Volume);

internal sealed record LiveBody(string Status);

internal sealed record ReadyBody(string Status, IReadOnlyList<ReadyCheckBody> Checks);

internal sealed record ReadyCheckBody(string Name, bool Ok, string? Message);

internal sealed record HealthBody(
    string Status, string Version, double UptimeSeconds, IReadOnlyList<MarketHealthBody> Markets, ConnectionsBody Connections, LatencyBody SnapshotToSocket);

internal sealed record MarketHealthBody(string Market, Guid Epoch, long Sequence, string? Timestamp, double? AgeSeconds);

internal sealed record ConnectionsBody(int Total, int Websocket, int Sse);

internal sealed record LatencyBody(long Count, double P50Ms, double P99Ms, double MaxMs);

internal sealed record MarketBody(
    string Id, string Name, string Benchmark, string Bond, string VolatilityIndex, IReadOnlyList<string> Symbols, string TimeZone, Guid Epoch, long Sequence);

internal sealed record ModelBody(
    string Name, string Version, string FeatureSet, IReadOnlyList<string> FeatureNames, int HiddenSize, int RecursionCycles, int LatentSteps,
    int EffectiveDepth, long Parameters, DateOnly? TrainedFrom, DateOnly? TrainedTo, IReadOnlyList<StrategyBody> Strategies);

internal sealed record StrategyBody(int Id, string Name, int BenchmarkPercent, int BondPercent, int CashPercent);
