using Trm.Cluster.Tests.Support;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Tests.Fakes;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Predictions;

namespace Trm.Cluster.Tests.GrainInterfaces.Predictions;

public sealed class PredictorPoolTests
{
    private static readonly FeatureVector Features = Make.Snapshot(1).Features;

    private readonly FakeGrains grains = new();
    private readonly PredictorPool pool;

    public PredictorPoolTests() => pool = new PredictorPool(grains);

    [Fact]
    public async Task Calls_go_round_the_keys()
    {
        for (var i = 0; i < 2 * IPredictorGrain.Keys; i++) await pool.PredictAsync(Features);
        Assert.Equal(IPredictorGrain.Keys, grains.Asked.Distinct().Count());
        Assert.All(grains.Asked, key => Assert.InRange(key, 0, IPredictorGrain.Keys - 1));
        Assert.All(grains.Asked.GroupBy(key => key), same => Assert.Equal(2, same.Count()));
    }

    [Theory]
    [InlineData("overloaded")]
    [InlineData("predictor_closed")]
    [InlineData("cluster_unavailable")]
    public async Task Another_key_is_asked_when_one_has_no_room(string code)
    {
        grains.Failures.Enqueue(new ClusterException(code, "not here"));
        Assert.Equal("fake-1", (await pool.PredictAsync(Features)).Model.Version);
        Assert.Equal(2, grains.Asked.Distinct().Count());
    }

    [Fact]
    public async Task A_silo_that_does_not_answer_is_one_without_room()
    {
        grains.Failures.Enqueue(new TimeoutException("no answer"));
        grains.Failures.Enqueue(new SiloUnavailableException("it is gone"));
        Assert.Equal(2, (await pool.PredictManyAsync([Features, Features])).Count);
        Assert.Equal(3, grains.Asked.Distinct().Count());
    }

    [Fact]
    public async Task When_nobody_has_room_the_caller_hears_so_after_four_attempts()
    {
        for (var i = 0; i < 10; i++) grains.Failures.Enqueue(new ClusterException("overloaded", "full", "full, come back"));
        var error = await Assert.ThrowsAsync<ClusterException>(() => pool.PredictAsync(Features));
        Assert.Equal(("overloaded", "full, come back"), (error.Code, error.PublicMessage));
        Assert.Equal(4, grains.Asked.Distinct().Count());
    }

    [Fact]
    public async Task When_nobody_answers_the_cluster_is_unavailable()
    {
        for (var i = 0; i < 10; i++) grains.Failures.Enqueue(new TimeoutException("no answer"));
        var error = await Assert.ThrowsAsync<ClusterException>(() => pool.ModelAsync());
        Assert.Equal(ClusterException.Unavailable, error.Code);
        Assert.Equal(4, grains.Asked.Count);
    }

    [Fact]
    public async Task An_error_that_another_silo_would_give_too_is_the_callers_at_once()
    {
        grains.Failures.Enqueue(new ClusterException("invalid_features", "NaN"));
        var error = await Assert.ThrowsAsync<ClusterException>(() => pool.PredictAsync(Features));
        Assert.Equal("invalid_features", error.Code);
        Assert.Single(grains.Asked);
    }

    [Fact]
    public async Task A_caller_that_gives_up_waits_no_longer()
    {
        using var caller = new CancellationTokenSource();
        grains.Answer = new TaskCompletionSource<ModelOutput>().Task;
        var asking = pool.PredictAsync(Features, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private sealed class FakeGrains : FakeGrainFactory
    {
        private readonly FakePredictor predictor = new();

        public List<long> Asked { get; } = [];

        public Queue<Exception> Failures { get; } = new();

        public Task<ModelOutput>? Answer { get; set; }

        protected override object Grain(object key) => new FakeGrain(this, (long)key);

        private sealed class FakeGrain(FakeGrains grains, long key) : IPredictorGrain
        {
            public Task<ModelInfo> ModelAsync() => Told(grains.predictor.Model);

            public Task<ModelOutput> PredictAsync(FeatureVector features) => grains.Answer ?? PredictNowAsync(features);

            public async Task<IReadOnlyList<ModelOutput>> PredictManyAsync(IReadOnlyList<FeatureVector> features) =>
                await ((IPredictor)grains.predictor).PredictManyAsync(await Told(features));

            private async Task<ModelOutput> PredictNowAsync(FeatureVector features) => await grains.predictor.PredictAsync(await Told(features));

            private Task<T> Told<T>(T value)
            {
                grains.Asked.Add(key);
                return grains.Failures.TryDequeue(out var failure) ? Task.FromException<T>(failure) : Task.FromResult(value);
            }
        }
    }
}
