using System.Diagnostics;
using Trm.Core.Snapshots;
using Trm.Core.Telemetry;

namespace Trm.Core.Predictions;

/// <summary>
/// The one place where a snapshot becomes a prediction: check the sequence, predict, append to the log, publish.
/// One for each market, one caller at a time; the one-process host and the cluster's grain both call it.
/// </summary>
public sealed class PredictionPipeline
{
    private readonly string market;
    private readonly IPredictor predictor;
    private readonly IPredictionLog log;
    private readonly IPredictionPublisher publisher;
    private readonly TimeProvider time;
    private readonly PipelineOptions options;

    private PredictionPipeline(
        string market, IPredictor predictor, IPredictionLog log, IPredictionPublisher publisher, TimeProvider time, PipelineOptions options)
    {
        this.market = market;
        this.predictor = predictor;
        this.log = log;
        this.publisher = publisher;
        this.time = time;
        this.options = options;
    }

    /// <summary>Where the log stands.</summary>
    public LogHead Head { get; private set; } = new(Guid.Empty, null);

    /// <summary>What the next snapshot comes after.</summary>
    public SnapshotCursor Cursor => new(Head.Sequence, Head.Latest?.AsOf, Head.Latest?.Origin);

    /// <summary>Opens a market's log and stands where it ends.</summary>
    public static async Task<PredictionPipeline> OpenAsync(
        string market,
        IPredictor predictor,
        IPredictionLog log,
        IPredictionPublisher publisher,
        TimeProvider time,
        PipelineOptions? options = null,
        CancellationToken cancellation = default)
    {
        var pipeline = new PredictionPipeline(market, predictor, log, publisher, time, options ?? new PipelineOptions());
        pipeline.Head = await log.OpenAsync(market, cancellation).ConfigureAwait(false);
        return pipeline;
    }

    /// <summary>Makes a snapshot's prediction durable, then tells of it.</summary>
    /// <returns>The prediction; null when the log had that sequence already (a repeat).</returns>
    /// <exception cref="SequenceGapException">The sequence does not follow the log's last one.</exception>
    /// <exception cref="FeatureSetMismatchException">The model was trained on another recipe.</exception>
    /// <exception cref="PredictionTimeoutException">The model did not answer in time.</exception>
    /// <exception cref="AppendFailedException">
    /// The prediction could not be made durable. Nothing was published; the same snapshot may be offered again.
    /// </exception>
    /// <exception cref="TrmException">The model refused the features.</exception>
    public async Task<Prediction?> ProcessAsync(Snapshot snapshot, CancellationToken cancellation = default)
    {
        if (snapshot.Sequence <= Head.Sequence) return null;
        if (snapshot.Sequence != Head.Sequence + 1) throw new SequenceGapException(market, Head.Sequence, snapshot.Sequence);

        // Before, so that a model is not asked what it cannot know; and after, because a reload may have come between.
        CheckFeatureSet(snapshot, predictor.Model);
        var output = await PredictAsync(snapshot, cancellation).ConfigureAwait(false);
        CheckFeatureSet(snapshot, output.Model);

        var prediction = await AppendAsync(ToPrediction(snapshot, output), cancellation).ConfigureAwait(false);
        await PublishAsync(prediction, cancellation).ConfigureAwait(false);
        return prediction;
    }

    private static void CheckFeatureSet(Snapshot snapshot, ModelInfo model)
    {
        if (snapshot.FeatureSet != model.FeatureSet) throw new FeatureSetMismatchException(snapshot.FeatureSet, model);
    }

    private async Task<ModelOutput> PredictAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        using var span = TrmTelemetry.StartChild("trm.predict", snapshot.TraceParent);
        using var limit = new CancellationTokenSource(options.PredictTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await predictor.PredictAsync(snapshot.Features, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new PredictionTimeoutException(options.PredictTimeout);
        }
    }

    private Prediction ToPrediction(Snapshot snapshot, ModelOutput output) => new()
    {
        Market = snapshot.Market,
        Epoch = Head.Epoch,
        Sequence = snapshot.Sequence,
        Timestamp = ToMicroseconds(time.GetUtcNow()),
        AsOf = ToMicroseconds(snapshot.AsOf),
        Origin = snapshot.Origin,
        Probabilities = output.Probabilities,
        HaltProbability = output.HaltProbability,
        RawFeatures = snapshot.Features,
        NormalizedFeatures = output.Normalized,
        FeatureSet = snapshot.FeatureSet,
        ModelVersion = output.Model.Version,
        RecursionCycles = output.Model.RecursionCycles,
        LatentSteps = output.Model.LatentSteps,
        Quality = snapshot.Quality,
        Staleness = snapshot.Staleness is { } age ? TimeSpan.FromMicroseconds(Math.Floor(age.TotalMicroseconds)) : null,
        Proxies = snapshot.Proxies,
        TraceParent = snapshot.TraceParent,
        EmittedAt = ToMicroseconds(snapshot.EmittedAt),
        EmittedTimestamp = snapshot.EmittedTimestamp,
    };

    private async Task<Prediction> AppendAsync(Prediction prediction, CancellationToken cancellation)
    {
        using var span = TrmTelemetry.StartChild("trm.append", prediction.TraceParent);
        var started = time.GetTimestamp();
        try
        {
            // An append that failed after its commit (a broken connection) is there when it is offered again:
            // what the log holds is then the truth, and what gets published.
            if (!await log.AppendAsync(prediction, cancellation).ConfigureAwait(false))
                prediction = await ReadBackAsync(prediction.Sequence, cancellation).ConfigureAwait(false) with { EmittedTimestamp = prediction.EmittedTimestamp };
        }
        catch (Exception error) when (error is EpochChangedException or SequenceGapException)
        {
            // The log is not where this pipeline thought it was: it looks, and the next snapshot follows what is there.
            Head = await log.OpenAsync(market, cancellation).ConfigureAwait(false);
            throw;
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            span?.SetStatus(ActivityStatusCode.Error, cause.Message);
            throw new AppendFailedException(market, prediction.Sequence, cause);
        }
        TrmTelemetry.AppendDuration.Record(time.GetElapsedTime(started).TotalSeconds);
        Head = new LogHead(prediction.Epoch, prediction);
        return prediction;
    }

    private async Task<Prediction> ReadBackAsync(long sequence, CancellationToken cancellation)
    {
        var query = new LogQuery { After = sequence - 1, Before = sequence + 1, Limit = 1 };
        return (await log.ReadAsync(market, query, cancellation).ConfigureAwait(false))[0];
    }

    private async Task PublishAsync(Prediction prediction, CancellationToken cancellation)
    {
        using var span = TrmTelemetry.StartChild("trm.publish", prediction.TraceParent);
        TrmTelemetry.Predictions.Add(1, new("market", market), new("strategy", prediction.Strategy.Name));
        await publisher.PublishAsync(prediction, cancellation).ConfigureAwait(false);
    }

    // The log and the wire hold microseconds; cutting here keeps what was published equal to what is read back.
    private static DateTimeOffset ToMicroseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}

/// <summary>Limits of a pipeline.</summary>
public sealed record PipelineOptions
{
    /// <summary>How long the model may take; default 10 s.</summary>
    public TimeSpan PredictTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A snapshot whose features follow another recipe than the model's.</summary>
/// <param name="featureSet">The snapshot's recipe.</param>
/// <param name="model">The model.</param>
public sealed class FeatureSetMismatchException(string featureSet, ModelInfo model) : TrmException(
    "feature_set_mismatch",
    $"model {model.Version} was trained on {model.FeatureSet}, the snapshot has {featureSet}; use a model of that set or change the market's");

/// <summary>The model did not answer in time.</summary>
/// <param name="limit">The limit.</param>
public sealed class PredictionTimeoutException(TimeSpan limit) : TrmException(
    "prediction_timeout", $"the model did not answer within {limit.TotalSeconds:0.###} s");

/// <summary>A prediction could not be made durable; the same snapshot may be offered again.</summary>
/// <param name="market">Market id.</param>
/// <param name="sequence">Its sequence.</param>
/// <param name="cause">What the log said.</param>
public sealed class AppendFailedException(string market, long sequence, Exception cause) : TrmException(
    "append_failed", $"market {market}: prediction {sequence} could not be appended to the log: {cause.Message}", cause)
{
    /// <inheritdoc/>
    public override string PublicMessage => "a prediction could not be appended to the log; it is tried again";
}
