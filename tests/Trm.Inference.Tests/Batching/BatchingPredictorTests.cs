using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Telemetry;
using Trm.Inference.Batching;
using Trm.Inference.Engine;

namespace Trm.Inference.Tests.Batching;

public sealed class BatchingPredictorTests
{
    private readonly TrmModel model = RandomModel.Model();
    private readonly FakeEngine engine = new();

    [Fact]
    public async Task What_waits_while_the_engine_is_busy_goes_as_one_batch_and_each_gets_its_own_answer()
    {
        await using var predictor = Create();
        var busy = await OccupyAsync(predictor);
        var waiting = Enumerable.Range(1, 5).Select(i => predictor.PredictAsync(Row(i)).AsTask()).ToArray();

        engine.Release();

        await busy;
        foreach (var output in await Task.WhenAll(waiting)) AssertOwn(output);
        Assert.Equal(5, waiting.Select(w => w.Result.Probabilities[0]).Distinct().Count());
        Assert.Equal([1, 5], engine.Batches);
    }

    [Fact]
    public async Task No_batch_is_larger_than_MaxBatch()
    {
        await using var predictor = Create(new BatchingOptions { Workers = 1, MaxBatch = 4 });
        var busy = await OccupyAsync(predictor);
        var many = predictor.PredictManyAsync(Rows(7));
        var waiting = Enumerable.Range(1, 3).Select(i => predictor.PredictAsync(Row(i)).AsTask()).ToArray();

        engine.Release();

        Assert.All(await many, AssertOwn);
        await Task.WhenAll([busy, .. waiting]);
        Assert.Equal([1, 4, 4, 2], engine.Batches);
    }

    [Fact]
    public async Task A_large_request_is_shared_by_all_workers()
    {
        await using var predictor = Create(new BatchingOptions { Workers = 2 });
        engine.Hold();
        var many = predictor.PredictManyAsync(Rows(10));
        await engine.EnteredAsync();
        await engine.EnteredAsync();

        engine.Release();

        var outputs = await many;
        Assert.Equal([5, 5], engine.Batches);
        Assert.All(outputs, AssertOwn);
        Assert.Equal(Rows(10).Select(r => (float)((r[0] - RandomModel.Mean[0]) / (RandomModel.Std[0] + 1e-8))), outputs.Select(o => o.Probabilities[0]));
    }

    [Fact]
    public async Task One_more_than_may_wait_is_refused_at_once_and_the_others_are_answered()
    {
        await using var predictor = Create(new BatchingOptions { Workers = 1, QueueLimit = 3 });
        var busy = await OccupyAsync(predictor);
        var waiting = predictor.PredictManyAsync(Rows(2));
        var error = await Assert.ThrowsAsync<PredictorOverloadedException>(async () => await predictor.PredictManyAsync(Rows(2)));
        var last = predictor.PredictAsync(Row(3));
        await Assert.ThrowsAsync<PredictorOverloadedException>(async () => await predictor.PredictAsync(Row(4)));

        engine.Release();

        Assert.Equal(("overloaded", 3), (error.Code, error.Limit));
        Assert.Contains("Trm:Batching:QueueLimit", error.Message, StringComparison.Ordinal);
        await busy;
        Assert.Equal(2, (await waiting).Count);
        AssertOwn(await last);
    }

    [Fact]
    public async Task Who_cancels_while_waiting_is_not_computed_and_makes_room()
    {
        await using var predictor = Create(new BatchingOptions { Workers = 1, QueueLimit = 3 });
        using var one = new CancellationTokenSource();
        using var two = new CancellationTokenSource();
        var busy = await OccupyAsync(predictor);
        var cancelled = predictor.PredictAsync(Row(1), one.Token).AsTask();
        var alsoCancelled = predictor.PredictManyAsync(Rows(2), two.Token).AsTask();

        await one.CancelAsync();
        await two.CancelAsync();
        var stays = predictor.PredictManyAsync(Rows(3));
        engine.Release();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(one.Token, error.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alsoCancelled);
        Assert.Equal(3, (await stays).Count);
        await busy;
        Assert.Equal([1, 3], engine.Batches);
    }

    [Fact]
    public async Task Who_cancels_in_the_engine_gets_the_answer_that_comes_anyway()
    {
        await using var predictor = Create();
        using var cancel = new CancellationTokenSource();
        var busy = await OccupyAsync(predictor);
        var next = predictor.PredictAsync(Row(1), cancel.Token).AsTask();
        engine.ReleaseOne();
        await engine.EnteredAsync();

        await cancel.CancelAsync();
        engine.Release();

        AssertOwn(await next);
        await busy;
    }

    [Fact]
    public async Task A_row_that_the_engine_fails_on_fails_alone()
    {
        var bad = Normalized(Row(3));
        engine.Before = rows =>
        {
            if (rows.Contains(bad)) throw new InvalidOperationException("no such row");
        };
        await using var predictor = Create();
        var busy = await OccupyAsync(predictor);
        var waiting = Enumerable.Range(1, 5).Select(i => predictor.PredictAsync(Row(i)).AsTask()).ToArray();

        engine.Release();

        await busy;
        var error = await Assert.ThrowsAsync<InferenceFailedException>(() => waiting[2]);
        Assert.Contains("engine fake failed: no such row", error.Message, StringComparison.Ordinal);
        foreach (var i in new[] { 0, 1, 3, 4 }) AssertOwn(await waiting[i]);
    }

    [Fact]
    public async Task A_row_with_an_answer_that_is_not_finite_fails_alone_and_a_request_of_many_as_a_whole()
    {
        var bad = Normalized(Row(3));
        var engine = new FakeEngine { Answer = first => first == bad ? float.NaN : first };
        await using var predictor = new BatchingPredictor(model, engine, new BatchingOptions { Workers = 1 });
        var busy = await OccupyAsync(predictor, engine);
        var waiting = Enumerable.Range(1, 4).Select(i => predictor.PredictAsync(Row(i)).AsTask()).ToArray();
        var many = predictor.PredictManyAsync(Rows(5)).AsTask();

        engine.Release();

        await busy;
        Assert.Equal("non_finite_output", (await Assert.ThrowsAsync<TrmException>(() => waiting[2])).Code);
        Assert.Equal("non_finite_output", (await Assert.ThrowsAsync<TrmException>(() => many)).Code);
        foreach (var i in new[] { 0, 1, 3 }) AssertOwn(await waiting[i]);
    }

    [Fact]
    public async Task A_feature_too_far_out_is_its_callers_error_before_it_waits()
    {
        await using var predictor = Create();

        await Assert.ThrowsAsync<InvalidFeaturesException>(async () => await predictor.PredictAsync(RandomModel.Features.With(3, 1e300)));
        await Assert.ThrowsAsync<InvalidFeaturesException>(async () => await predictor.PredictManyAsync([Row(1), RandomModel.Features.With(3, 1e300)]));

        Assert.Empty(engine.Batches);
    }

    [Fact]
    public async Task Disposed_it_finishes_what_waits_takes_no_more_and_then_disposes_the_engine()
    {
        var predictor = Create();
        var busy = await OccupyAsync(predictor);
        var waiting = predictor.PredictAsync(Row(1)).AsTask();

        var disposing = predictor.DisposeAsync().AsTask();
        var closed = await Assert.ThrowsAsync<PredictorClosedException>(async () => await predictor.PredictAsync(Row(2)));
        Assert.False(engine.IsDisposed);
        engine.Release();
        await disposing;

        Assert.Equal("predictor_closed", closed.Code);
        AssertOwn(await waiting);
        await busy;
        Assert.True(engine.IsDisposed);
        await predictor.DisposeAsync();
    }

    [Fact]
    public async Task A_free_engine_waits_for_a_fuller_batch_as_long_as_it_is_told_to()
    {
        var time = new FakeTimeProvider();
        await using var predictor = Create(new BatchingOptions { Workers = 1, MaxBatch = 3, MaxQueueDelay = TimeSpan.FromMilliseconds(20) }, time);

        for (var round = 0; round < 20; round++)
        {
            var first = predictor.PredictAsync(Row(1)).AsTask();
            time.Advance(TimeSpan.FromMilliseconds(19));
            for (var turn = 0; turn < 50; turn++) await Task.Yield(); // An engine that does not wait has the time to show it.
            var second = predictor.PredictAsync(Row(2)).AsTask();
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.WhenAll(first, second);
        }
        var full = Enumerable.Range(1, 3).Select(i => predictor.PredictAsync(Row(i)).AsTask()).ToArray();
        await Task.WhenAll(full);

        Assert.Equal([.. Enumerable.Repeat(2, 20), 3], engine.Batches);
    }

    [Fact]
    public async Task Batch_sizes_and_times_in_queue_and_engine_are_measured()
    {
        var time = new FakeTimeProvider();
        var engine = new FakeEngine { Name = "measured" };
        var measured = new ConcurrentBag<(string Name, double Value)>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.EnableMeasurementEvents(TrmTelemetry.InferenceBatchSize);
        listener.EnableMeasurementEvents(TrmTelemetry.InferenceQueueDuration);
        listener.EnableMeasurementEvents(TrmTelemetry.InferenceDuration);
        await using (var predictor = new BatchingPredictor(model, engine, new BatchingOptions { Workers = 1 }, time))
        {
            var busy = await OccupyAsync(predictor, engine);
            var waiting = predictor.PredictManyAsync(Rows(2));
            time.Advance(TimeSpan.FromSeconds(3));
            engine.Release();
            await busy;
            await waiting;
        }

        Assert.Equal([0.0, 3], Values("trm.inference.queue.duration"));
        Assert.Equal([1.0, 2], Values("trm.inference.batch_size"));
        Assert.Equal([0.0, 3], Values("trm.inference.duration"));

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag is { Key: "engine", Value: "measured" }) measured.Add((instrument.Name, value));
            }
        }

        IEnumerable<double> Values(string name) => measured.Where(m => m.Name == name).Select(m => m.Value).Order();
    }

    [Fact]
    public async Task Many_callers_some_of_whom_cancel_get_their_own_answers_from_the_real_engine()
    {
        var reference = new ManagedPredictor(model);
        await using var predictor = new BatchingPredictor(model, ManagedEngines.Create(model), new BatchingOptions { Workers = 2, MaxBatch = 5 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var row = Row(caller * 1000 + i);
                using var cancel = new CancellationTokenSource();
                var asked = predictor.PredictAsync(row, cancel.Token).AsTask();
                if (i % 3 == caller % 3) await cancel.CancelAsync();
                try
                {
                    Assert.Equal(reference.Predict(row).Probabilities, (await asked).Probabilities);
                }
                catch (OperationCanceledException)
                {
                    Assert.True(cancel.IsCancellationRequested);
                }
                if (i % 50 == 0) Assert.All(await predictor.PredictManyAsync(Rows(12)), o => Assert.Equal(model.Info, o.Model));
            }
        })));
    }

    [Fact]
    public async Task An_answer_is_read_once_and_does_not_turn_into_another_callers()
    {
        await using var predictor = Create();
        var busy = await OccupyAsync(predictor);
        var answer = predictor.PredictAsync(Row(1));
        engine.Release();

        AssertOwn(await answer);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await answer);
        await busy;
    }

    [Fact]
    public async Task No_rows_are_no_predictions()
    {
        await using var predictor = Create();

        Assert.Empty(await predictor.PredictManyAsync([]));
        Assert.Empty(engine.Batches);
    }

    [Fact]
    public async Task Warm_up_runs_every_engine_on_several_sizes_and_tells_a_broken_one()
    {
        await using (var predictor = Create(new BatchingOptions { Workers = 1, MaxBatch = 20 }))
        {
            predictor.WarmUp();
            Assert.Equal([1, 1, 8, 8], engine.Batches);
        }
        await using var broken = new BatchingPredictor(model, new FakeEngine { Before = _ => throw new DllNotFoundException("libcuda.so") });
        Assert.Contains("libcuda.so", Assert.Throws<InferenceFailedException>(() => broken.WarmUp()).Message, StringComparison.Ordinal);
        await using var bad = new BatchingPredictor(model, new FakeEngine { Answer = _ => float.NaN });
        Assert.Equal("non_finite_output", Assert.Throws<TrmException>(() => bad.WarmUp()).Code);
    }

    [Fact]
    public void An_option_outside_its_range_is_refused_and_named()
    {
        Assert.Null(new BatchingOptions().Fault());
        Assert.Equal("Trm:Batching:QueueLimit is 0; it must be from 1 to 1000000", new BatchingOptions { QueueLimit = 0 }.Fault());
        Assert.Equal("Trm:Batching:MaxBatch is 65537; it must be from 1 to 65536", new BatchingOptions { MaxBatch = 65_537 }.Fault());
        Assert.Equal("Trm:Batching:MaxQueueDelay is 11 seconds; it must be from 0 to 10 seconds", new BatchingOptions { MaxQueueDelay = TimeSpan.FromSeconds(11) }.Fault());
        Assert.Equal("Trm:Batching:Workers is 0; it must be from 1 to 256", new BatchingOptions { Workers = 0 }.Fault());
        Assert.Contains("MaxBatch", Assert.Throws<ArgumentException>(() => Create(new BatchingOptions { MaxBatch = 0 })).Message, StringComparison.Ordinal);
    }

    private BatchingPredictor Create(BatchingOptions? options = null, TimeProvider? time = null) =>
        new(model, engine, options ?? new BatchingOptions { Workers = 1 }, time);

    private Task<Task<ModelOutput>> OccupyAsync(BatchingPredictor predictor) => OccupyAsync(predictor, engine);

    // From another thread: a lone caller may run the engine on its own, and this one would wait there with it.
    private static async Task<Task<ModelOutput>> OccupyAsync(BatchingPredictor predictor, FakeEngine engine)
    {
        engine.Hold();
        var busy = Task.Run(async () => await predictor.PredictAsync(Row(0)));
        await engine.EnteredAsync();
        return busy;
    }

    private static FeatureVector Row(int i) => RandomModel.Features.With(0, 10 + 0.01 * i);

    private static FeatureVector[] Rows(int count) => [.. Enumerable.Range(1, count).Select(Row)];

    private static float Normalized(FeatureVector row) => (float)((row[0] - RandomModel.Mean[0]) / (RandomModel.Std[0] + 1e-8));

    private static void AssertOwn(ModelOutput output) => Assert.Equal(output.Normalized[0], output.Probabilities[0]);
}
