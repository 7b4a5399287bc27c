using Microsoft.Extensions.Time.Testing;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Batching;

namespace Trm.Inference.Tests.Batching;

/// <summary>Two engines, one quick to start and one quick for each row, and a clock that moves only while they work.</summary>
public sealed class HybridTests : IAsyncDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly FakeEngine cpu = new() { Name = "cpu" };
    private readonly FakeEngine gpu = new() { Name = "gpu" };
    private readonly BatchingPredictor predictor;

    public HybridTests()
    {
        cpu.Before = rows => time.Advance(TimeSpan.FromMicroseconds(100 + 500 * Rows(rows)));
        gpu.Before = rows => time.Advance(TimeSpan.FromMicroseconds(1000 + 10 * Rows(rows)));
        predictor = new BatchingPredictor(RandomModel.Model(), [new BatchEngine(gpu, 1), new BatchEngine(cpu, 1)], new BatchingOptions(), time);
        predictor.WarmUp();
        Clear();
    }

    public ValueTask DisposeAsync() => predictor.DisposeAsync();

    [Fact]
    public async Task One_row_goes_to_the_engine_that_is_quick_to_start()
    {
        await predictor.PredictAsync(RandomModel.Features);

        AssertBatches(cpu: [1], gpu: []);
    }

    [Fact]
    public async Task Many_rows_go_to_the_engine_that_is_quick_for_each()
    {
        await predictor.PredictManyAsync(Many(100));

        AssertBatches(cpu: [], gpu: [100]);
    }

    [Fact]
    public async Task Rows_wait_for_a_busy_engine_that_finishes_them_sooner_than_the_free_one()
    {
        var (first, second) = await OccupyGpuAsync();

        gpu.Release();

        await first;
        await second;
        AssertBatches(cpu: [], gpu: [100, 200]);
    }

    [Fact]
    public async Task Rows_that_wait_for_an_engine_that_hangs_go_to_the_other_one()
    {
        var (first, second) = await OccupyGpuAsync();

        time.Advance(TimeSpan.FromSeconds(1));
        var third = predictor.PredictAsync(RandomModel.Features);

        await second;
        await third;
        AssertBatches(cpu: [201], gpu: [100]);
        gpu.Release();
        await first;
    }

    [Fact]
    public async Task An_engine_that_became_slow_loses_its_rows()
    {
        gpu.Before = rows => time.Advance(TimeSpan.FromMilliseconds(1 + Rows(rows)));
        for (var i = 0; i < 20; i++) await predictor.PredictManyAsync(Many(100));
        Clear();

        await predictor.PredictManyAsync(Many(100));

        AssertBatches(cpu: [100], gpu: []);
    }

    [Fact]
    public async Task Disposed_it_finishes_rows_that_waited_for_a_busy_engine()
    {
        var (first, second) = await OccupyGpuAsync();

        var disposing = predictor.DisposeAsync().AsTask();
        await second;
        gpu.Release();
        await disposing;

        await first;
        AssertBatches(cpu: [200], gpu: [100]);
        Assert.True(cpu.IsDisposed && gpu.IsDisposed);
    }

    private async Task<(Task<IReadOnlyList<ModelOutput>> First, Task<IReadOnlyList<ModelOutput>> Second)> OccupyGpuAsync()
    {
        gpu.Hold();
        var first = predictor.PredictManyAsync(Many(100)).AsTask();
        await gpu.EnteredAsync();
        return (first, predictor.PredictManyAsync(Many(200)).AsTask());
    }

    private void AssertBatches(int[] cpu, int[] gpu)
    {
        Assert.Equal(cpu, this.cpu.Batches);
        Assert.Equal(gpu, this.gpu.Batches);
    }

    private void Clear()
    {
        cpu.Clear();
        gpu.Clear();
    }

    private static int Rows(float[] rows) => rows.Length / FeatureNames.Count;

    private static FeatureVector[] Many(int count) => [.. Enumerable.Repeat(RandomModel.Features, count)];
}
