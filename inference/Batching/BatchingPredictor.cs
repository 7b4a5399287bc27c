using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Inference.Batching;

/// <summary>
/// Lets any number of callers share the engines of one model, one for the process. Predictions wait in one bounded queue; what
/// waits when an engine is free goes through it as one batch. With several engines each batch goes to the one that
/// finishes it first, by what earlier batches took. A single prediction that finds an engine free runs on its caller's
/// thread. Safe to call from many threads.
/// </summary>
public sealed class BatchingPredictor : IPredictor, IAsyncDisposable
{
    // From one row on in steps that show both what a batch costs at all and what a row adds.
    private static readonly int[] WarmUpRows = [1, 8, 64];

    // Not the model: engines have its weights in a form of their own.
    private readonly Normalization normalization;
    private readonly BatchEngine[] engines;
    private readonly BatchingOptions options;
    private readonly TimeProvider time;
    private readonly BatchScheduler scheduler;
    private readonly Lazy<Task> ending;

    /// <summary>Batches over one engine on the processor.</summary>
    /// <param name="model">The model.</param>
    /// <param name="engine">Runs it; belongs to the predictor from now on.</param>
    /// <param name="options">Limits; defaults when null.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message names it.</exception>
    public BatchingPredictor(TrmModel model, IInferenceEngine engine, BatchingOptions? options = null, TimeProvider? time = null)
        : this(model, [new BatchEngine(engine, options?.Workers ?? Environment.ProcessorCount)], options, time)
    {
    }

    /// <summary>Batches over several engines of one model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="engines">They run it, each with its own number of workers; they belong to the predictor from now on.</param>
    /// <param name="options">Limits; defaults when null. Its <see cref="BatchingOptions.Workers"/> is not looked at.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <exception cref="ArgumentException">No engine, one without a worker, or an option outside its range.</exception>
    public BatchingPredictor(TrmModel model, IReadOnlyList<BatchEngine> engines, BatchingOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(engines);
        this.options = options ?? new BatchingOptions();
        if (this.options.Fault() is { } fault) throw new ArgumentException(fault, nameof(options));
        if (engines.Count == 0 || engines.Any(e => e.Workers < 1)) throw new ArgumentException("there must be an engine, and a worker for each", nameof(engines));
        normalization = model.Normalization;
        this.engines = [.. engines];
        this.time = time ?? TimeProvider.System;
        scheduler = new BatchScheduler(model.Info, this.engines, this.options, this.time);
        ending = new Lazy<Task>(EndAsync);
    }

    /// <inheritdoc/>
    public ModelInfo Model => scheduler.Model;

    /// <summary>Names of the engines, and why they were taken where that was a choice; for logs.</summary>
    public IReadOnlyList<string> EngineNames => [.. engines.Select(e => e.Reason is null ? e.Engine.Name : $"{e.Engine.Name} ({e.Reason})")];

    /// <inheritdoc/>
    /// <exception cref="InvalidFeaturesException">A feature is too far from the training data for a float.</exception>
    /// <exception cref="PredictorOverloadedException">More predictions wait than may.</exception>
    /// <exception cref="PredictorClosedException">It was disposed.</exception>
    /// <exception cref="InferenceFailedException">The engine failed on this prediction.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; it was not computed.</exception>
    /// <exception cref="TrmException"><c>non_finite_output</c>: the model answered NaN or infinity.</exception>
    public ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default) =>
        TryPredict(features, cancellation, out var output) ? output : throw new PredictorClosedException(Model.Version);

    /// <inheritdoc/>
    /// <exception cref="InvalidFeaturesException">A feature is too far from the training data for a float.</exception>
    /// <exception cref="PredictorOverloadedException">They do not all fit into the queue.</exception>
    /// <exception cref="PredictorClosedException">It was disposed.</exception>
    /// <exception cref="InferenceFailedException">The engine failed on one of them.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while some waited; those were not computed.</exception>
    /// <exception cref="TrmException"><c>non_finite_output</c>: the model answered NaN or infinity.</exception>
    public ValueTask<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features, CancellationToken cancellation = default) =>
        TryPredictMany(features, cancellation, out var outputs) ? outputs : throw new PredictorClosedException(Model.Version);

    /// <summary>
    /// Runs each engine on batches of a few sizes, so that the first real prediction is as quick as the rest and the choice
    /// between engines starts from measured costs.
    /// </summary>
    /// <exception cref="InferenceFailedException">An engine does not work here.</exception>
    /// <exception cref="TrmException"><c>non_finite_output</c>: the model is no good.</exception>
    public void WarmUp(CancellationToken cancellation = default)
    {
        for (var engine = 0; engine < engines.Length; engine++)
        {
            for (var busy = 1; busy <= engines[engine].Workers; busy *= 2)
            {
                foreach (var rows in WarmUpRows.Where(r => r <= options.MaxBatch))
                {
                    // The first run compiles, allocates, loads; the second is what it costs.
                    cancellation.ThrowIfCancellationRequested();
                    Time(engines[engine].Engine, rows, busy);
                    scheduler.Record(engine, rows, busy, Time(engines[engine].Engine, rows, busy));
                }
            }
        }
    }

    /// <summary>Takes no more, finishes what waits, then disposes the engines.</summary>
    public ValueTask DisposeAsync() => new(ending.Value);

    /// <summary><see cref="PredictAsync"/>; false when it was disposed.</summary>
    internal bool TryPredict(FeatureVector features, CancellationToken cancellation, out ValueTask<ModelOutput> output)
    {
        cancellation.ThrowIfCancellationRequested();
        Span<float> normalized = stackalloc float[FeatureNames.Count];
        normalization.Apply(features, normalized);
        return scheduler.TryPredict(normalized, cancellation, out output);
    }

    /// <summary><see cref="PredictManyAsync"/>; false when it was disposed.</summary>
    internal bool TryPredictMany(IReadOnlyList<FeatureVector> features, CancellationToken cancellation, out ValueTask<IReadOnlyList<ModelOutput>> outputs)
    {
        cancellation.ThrowIfCancellationRequested();
        outputs = new([]);
        if (features.Count == 0) return true;
        var request = new BatchRequest(scheduler, features.Count);
        for (var i = 0; i < features.Count; i++) normalization.Apply(features[i], request.Normalized.AsSpan(i * FeatureNames.Count, FeatureNames.Count));
        outputs = request.Many;
        return scheduler.TryPredict(request, cancellation);
    }

    // The slowest of so many at once.
    private double Time(IInferenceEngine engine, int rows, int busy)
    {
        if (busy == 1) return Time(engine, rows);
        var others = Enumerable.Range(1, busy - 1).Select(_ => Task.Factory.StartNew(() => Time(engine, rows), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var own = Time(engine, rows);
        return Math.Max(own, Task.WhenAll(others).GetAwaiter().GetResult().Max());
    }

    private double Time(IInferenceEngine engine, int rows)
    {
        var normalized = new float[rows * FeatureNames.Count]; // Every feature at its mean.
        var probabilities = new float[rows * Strategy.Count];
        var halt = new float[rows];
        var started = time.GetTimestamp();
        try
        {
            engine.Predict(normalized, probabilities, halt);
        }
        catch (Exception cause)
        {
            throw new InferenceFailedException(engine.Name, cause);
        }
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        _ = ModelOutputs.Create(Model, normalized.AsSpan(0, FeatureNames.Count), probabilities.AsSpan(0, Strategy.Count), halt[0]);
        return seconds;
    }

    private async Task EndAsync()
    {
        scheduler.Close();
        await scheduler.Ended.ConfigureAwait(false);
        foreach (var engine in engines) engine.Engine.Dispose();
    }
}
