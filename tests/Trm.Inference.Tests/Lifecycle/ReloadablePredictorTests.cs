using System.Globalization;
using Trm.Core;
using Trm.Core.Features;
using Trm.Inference.Batching;
using Trm.Inference.Lifecycle;
using Trm.Inference.Tests.Batching;

namespace Trm.Inference.Tests.Lifecycle;

public sealed class ReloadablePredictorTests
{
    private readonly List<FakeEngine> engines = [];
    private Func<int, BatchingPredictor>? open;

    [Fact]
    public async Task It_is_warm_when_it_is_there()
    {
        await using var predictor = await OpenAsync();

        Assert.NotEmpty(engines[0].Batches);
        Assert.Equal("1", predictor.Model.Version);
    }

    [Fact]
    public async Task A_reload_puts_a_warm_new_model_in_the_place_of_the_old_one()
    {
        await using var predictor = await OpenAsync();

        var model = await predictor.ReloadAsync();
        var warmed = engines[1].Batches.Count;
        var output = await predictor.PredictAsync(RandomModel.Features);

        Assert.Equal(("2", "2", "2"), (model.Version, predictor.Model.Version, output.Model.Version));
        Assert.True(warmed > 0);
        await engines[0].Disposed;
    }

    [Fact]
    public async Task What_is_under_way_finishes_on_the_old_model_which_is_then_disposed()
    {
        await using var predictor = await OpenAsync();
        engines[0].Clear();
        engines[0].Hold();
        var running = Task.Run(async () => await predictor.PredictAsync(RandomModel.Features));
        await engines[0].EnteredAsync();
        var waiting = predictor.PredictManyAsync([RandomModel.Features, RandomModel.Features]);

        await predictor.ReloadAsync();

        Assert.Equal("2", (await predictor.PredictAsync(RandomModel.Features)).Model.Version);
        Assert.False(engines[0].IsDisposed);
        engines[0].Release();
        Assert.Equal("1", (await running).Model.Version);
        Assert.All(await waiting, o => Assert.Equal("1", o.Model.Version));
        await engines[0].Disposed;
    }

    [Fact]
    public async Task A_package_that_cannot_be_loaded_keeps_the_old_one_and_says_why()
    {
        await using var predictor = await OpenAsync();
        open = _ => throw new ModelFormatException("weights.safetensors is corrupt");

        var error = await Assert.ThrowsAsync<ModelFormatException>(() => predictor.ReloadAsync());

        Assert.Contains("corrupt", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", (await predictor.PredictAsync(RandomModel.Features)).Model.Version);
        open = null;
        Assert.Equal("2", (await predictor.ReloadAsync()).Version);
    }

    [Fact]
    public async Task A_model_that_answers_NaN_in_its_warm_up_keeps_the_old_one_and_its_engines_are_disposed()
    {
        await using var predictor = await OpenAsync();
        open = version => Predictor(version, new FakeEngine { Answer = _ => float.NaN });

        Assert.Equal("non_finite_output", (await Assert.ThrowsAsync<TrmException>(() => predictor.ReloadAsync())).Code);

        Assert.True(engines[1].IsDisposed);
        Assert.Equal("1", (await predictor.PredictAsync(RandomModel.Features)).Model.Version);
    }

    [Fact]
    public async Task A_model_of_another_feature_set_keeps_the_old_one()
    {
        await using var predictor = await OpenAsync();
        open = version => Predictor(version, new FakeEngine(), FeatureSets.LegacyV1);

        var error = await Assert.ThrowsAsync<TrmException>(() => predictor.ReloadAsync());

        Assert.Equal("feature_set_mismatch", error.Code);
        Assert.Contains("restart", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", predictor.Model.Version);
        Assert.True(engines[1].IsDisposed);
    }

    [Fact]
    public async Task Under_load_every_prediction_says_the_model_that_made_it_and_none_fails()
    {
        await using var predictor = await OpenAsync();
        using var done = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(async () =>
        {
            var made = 0;
            while (!done.IsCancellationRequested || made == 0)
            {
                var one = await predictor.PredictAsync(RandomModel.Features);
                var many = await predictor.PredictManyAsync([RandomModel.Features, RandomModel.Features]);
                foreach (var output in many.Append(one)) Assert.Equal(output.Model.Version, output.Probabilities[1].ToString(CultureInfo.InvariantCulture));
                made++;
            }
        })).ToArray();

        for (var i = 0; i < 20; i++) await predictor.ReloadAsync();
        await done.CancelAsync();
        await Task.WhenAll(callers);

        Assert.Equal("21", predictor.Model.Version);
        await Task.WhenAll(engines.Take(20).Select(e => e.Disposed));
    }

    [Fact]
    public async Task Disposed_it_neither_predicts_nor_reloads()
    {
        var predictor = await OpenAsync();

        await predictor.DisposeAsync();

        await Assert.ThrowsAsync<PredictorClosedException>(async () => await predictor.PredictAsync(RandomModel.Features));
        await Assert.ThrowsAsync<PredictorClosedException>(async () => await predictor.PredictManyAsync([RandomModel.Features]));
        await Assert.ThrowsAsync<PredictorClosedException>(() => predictor.ReloadAsync());
        Assert.True(Assert.Single(engines).IsDisposed);
    }

    private Task<ReloadablePredictor> OpenAsync() => ReloadablePredictor.OpenAsync(() =>
    {
        var version = engines.Count + 1;
        return open is null ? Predictor(version, new FakeEngine { Stamp = version }) : open(version);
    });

    private BatchingPredictor Predictor(int version, FakeEngine engine, string featureSet = FeatureSets.CausalV2)
    {
        engines.Add(engine);
        return new BatchingPredictor(
            RandomModel.Model(featureSet: featureSet, version: version.ToString(CultureInfo.InvariantCulture)), engine, new BatchingOptions { Workers = 1 });
    }
}
