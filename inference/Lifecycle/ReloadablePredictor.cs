using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Batching;

namespace Trm.Inference.Lifecycle;

/// <summary>
/// The predictor of a process that runs on while its model changes. A reload opens and warms up the new one first and swaps
/// then: what is under way finishes on the old one, which is disposed after its last prediction; a new one that is no good
/// changes nothing. Each <see cref="ModelOutput.Model"/> is the model that made it. Safe to call from many threads.
/// </summary>
public sealed class ReloadablePredictor : IPredictor, IAsyncDisposable
{
    private readonly Func<BatchingPredictor> open;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly List<Task> leaving = [];
    private volatile BatchingPredictor current;
    private bool isDisposed;

    private ReloadablePredictor(Func<BatchingPredictor> open, BatchingPredictor first)
    {
        this.open = open;
        current = first;
    }

    /// <summary>Opens the model and warms it up.</summary>
    /// <param name="open">
    /// Loads the model from where it lies now and makes its engines; called again at each reload. Throws a
    /// <see cref="TrmException"/> when it is no good.
    /// </param>
    /// <param name="cancellation">Ends the wait, not the loading.</param>
    /// <exception cref="TrmException">The model or an engine is no good; the code says why.</exception>
    public static async Task<ReloadablePredictor> OpenAsync(Func<BatchingPredictor> open, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new ReloadablePredictor(open, await OpenWarmAsync(open, cancellation).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public ModelInfo Model => current.Model;

    /// <summary>Names of the engines in use, and why they were taken where that was a choice; for logs.</summary>
    public IReadOnlyList<string> EngineNames => current.EngineNames;

    /// <inheritdoc/>
    /// <exception cref="PredictorOverloadedException">More predictions wait than may.</exception>
    /// <exception cref="PredictorClosedException">It was disposed.</exception>
    public ValueTask<ModelOutput> PredictAsync(FeatureVector features, CancellationToken cancellation = default)
    {
        for (var predictor = current; ; predictor = Next(predictor))
        {
            if (predictor.TryPredict(features, cancellation, out var output)) return output;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="PredictorOverloadedException">They do not all fit into the queue.</exception>
    /// <exception cref="PredictorClosedException">It was disposed.</exception>
    public ValueTask<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features, CancellationToken cancellation = default)
    {
        for (var predictor = current; ; predictor = Next(predictor))
        {
            if (predictor.TryPredictMany(features, cancellation, out var outputs)) return outputs;
        }
    }

    /// <summary>Opens the model again and puts it in the place of the one in use. Two calls at once take turns.</summary>
    /// <returns>The model now in use.</returns>
    /// <exception cref="TrmException">
    /// The new one is no good, or was trained on another feature set than the one in use; that one stays, and the message
    /// says why.
    /// </exception>
    public async Task<ModelInfo> ReloadAsync(CancellationToken cancellation = default)
    {
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var old = current;
            if (isDisposed) throw new PredictorClosedException(old.Model.Version);
            var next = await OpenWarmAsync(open, cancellation).ConfigureAwait(false);
            if (next.Model.FeatureSet != old.Model.FeatureSet)
            {
                await next.DisposeAsync().ConfigureAwait(false);
                throw new TrmException("feature_set_mismatch", $"model {next.Model.Version} was trained on {next.Model.FeatureSet}, and this process makes features of {old.Model.FeatureSet}; restart it with the new model");
            }
            // In this order: who finds the old one closed finds the new one in its place.
            current = next;
            leaving.RemoveAll(task => task.IsCompletedSuccessfully);
            leaving.Add(old.DisposeAsync().AsTask());
            return next.Model;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes no more, finishes what is under way on this model and earlier ones, and disposes them.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            isDisposed = true;
            await Task.WhenAll([.. leaving, current.DisposeAsync().AsTask()]).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private static async Task<BatchingPredictor> OpenWarmAsync(Func<BatchingPredictor> open, CancellationToken cancellation)
    {
        var predictor = await Task.Run(open, cancellation).ConfigureAwait(false);
        try
        {
            await Task.Run(() => predictor.WarmUp(cancellation), cancellation).ConfigureAwait(false);
            return predictor;
        }
        catch
        {
            await predictor.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private BatchingPredictor Next(BatchingPredictor closed)
    {
        var next = current;
        return next != closed ? next : throw new PredictorClosedException(closed.Model.Version);
    }
}
