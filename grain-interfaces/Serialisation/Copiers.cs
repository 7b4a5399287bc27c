using Orleans.Serialization.Cloning;
using Trm.Core.Features;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>
/// Between grains of one process the domain's types are handed over and not copied: they are immutable. (Without a copier
/// Orleans copies them by way of their surrogates.)
/// </summary>
internal abstract class ImmutableCopier<T> : IDeepCopier<T>
{
    public T? DeepCopy(T? input, CopyContext context) => input;
}

[RegisterCopier]
internal sealed class FeatureVectorCopier : ImmutableCopier<FeatureVector>;

[RegisterCopier]
internal sealed class SnapshotCopier : ImmutableCopier<Snapshot>;

[RegisterCopier]
internal sealed class PredictionCopier : ImmutableCopier<Prediction>;

[RegisterCopier]
internal sealed class PredictionErrorCopier : ImmutableCopier<PredictionError>;

[RegisterCopier]
internal sealed class LogHeadCopier : ImmutableCopier<LogHead>;

[RegisterCopier]
internal sealed class LogQueryCopier : ImmutableCopier<LogQuery>;

[RegisterCopier]
internal sealed class PredictionSummaryCopier : ImmutableCopier<PredictionSummary>;

[RegisterCopier]
internal sealed class ModelInfoCopier : ImmutableCopier<ModelInfo>;

[RegisterCopier]
internal sealed class ModelOutputCopier : ImmutableCopier<ModelOutput>;

[RegisterCopier]
internal sealed class MarketCopier : ImmutableCopier<Market>;

[RegisterCopier]
internal sealed class OutcomeQueryCopier : ImmutableCopier<OutcomeQuery>;

[RegisterCopier]
internal sealed class OutcomePageCopier : ImmutableCopier<OutcomePage>;
