using Microsoft.Extensions.Time.Testing;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Predictions;

public class PredictionPipelineTests
{
    private readonly InMemoryLog log = new();
    private readonly FakePredictor predictor = new();
    private readonly RecordingPublisher publisher = new();
    private readonly FakeTimeProvider time = new(Make.Noon.AddTicks(12_345_678));

    [Fact]
    public async Task A_snapshot_becomes_a_prediction_that_is_logged_and_then_published()
    {
        var pipeline = await OpenAsync();

        var prediction = (await pipeline.ProcessAsync(Make.Snapshot(1)))!;

        Assert.Equal([prediction], log.Entries);
        Assert.Equal([prediction], publisher.Predictions);
        Assert.Equal(log.Epoch, prediction.Epoch);
        Assert.Equal("balanced_safe", prediction.Strategy.Name);
        Assert.Equal(0.4f, prediction.Confidence);
        Assert.Equal(42, prediction.EffectiveDepth);
        Assert.Equal(1, pipeline.Cursor.Sequence);
    }

    [Fact]
    public async Task Instants_are_cut_to_the_microseconds_that_log_and_wire_hold()
    {
        var prediction = await (await OpenAsync()).ProcessAsync(Make.Snapshot(1));

        Assert.Equal(0, prediction!.Timestamp.Ticks % TimeSpan.TicksPerMicrosecond);
    }

    [Fact]
    public async Task A_repeated_sequence_is_neither_predicted_nor_logged_again()
    {
        var pipeline = await OpenAsync();
        await pipeline.ProcessAsync(Make.Snapshot(1));

        Assert.Null(await pipeline.ProcessAsync(Make.Snapshot(1)));

        Assert.Single(log.Entries);
        Assert.Equal(1, predictor.Calls);
    }

    [Fact]
    public async Task A_gap_is_refused_and_names_both_sequences()
    {
        var pipeline = await OpenAsync();

        var error = await Assert.ThrowsAsync<SequenceGapException>(() => pipeline.ProcessAsync(Make.Snapshot(3)));

        Assert.Equal((0, 3), (error.Last, error.Given));
        Assert.Empty(log.Entries);
    }

    [Fact]
    public async Task It_goes_on_where_an_existing_log_ends()
    {
        await (await OpenAsync()).ProcessAsync(Make.Snapshot(1));

        var reopened = await OpenAsync();

        Assert.Equal(1, reopened.Cursor.Sequence);
        Assert.NotNull(await reopened.ProcessAsync(Make.Snapshot(2)));
    }

    [Fact]
    public async Task A_snapshot_of_another_feature_set_is_refused()
    {
        var error = await Assert.ThrowsAsync<FeatureSetMismatchException>(
            async () => await (await OpenAsync()).ProcessAsync(Make.Snapshot(1, FeatureSets.LegacyV1)));

        Assert.Contains("causal-v2", error.Message);
        Assert.Equal(0, predictor.Calls);
    }

    [Fact]
    public async Task A_prediction_says_the_model_that_made_it_also_when_a_reload_came_between()
    {
        ReloadBeforeAnswer(predictor.Model with { Version = "fake-2", RecursionCycles = 5, LatentSteps = 1 });

        var prediction = (await (await OpenAsync()).ProcessAsync(Make.Snapshot(1)))!;

        Assert.Equal(("fake-2", 5, 1), (prediction.ModelVersion, prediction.RecursionCycles, prediction.LatentSteps));
    }

    [Fact]
    public async Task An_answer_of_a_model_of_another_feature_set_is_refused_also_when_a_reload_came_between()
    {
        ReloadBeforeAnswer(predictor.Model with { FeatureSet = FeatureSets.LegacyV1 });

        await Assert.ThrowsAsync<FeatureSetMismatchException>(async () => await (await OpenAsync()).ProcessAsync(Make.Snapshot(1)));

        Assert.Empty(log.Entries);
    }

    [Fact]
    public async Task Nothing_is_published_that_is_not_in_the_log()
    {
        log.FailBeforeCommit = 1;
        var pipeline = await OpenAsync();

        await Assert.ThrowsAsync<AppendFailedException>(() => pipeline.ProcessAsync(Make.Snapshot(1)));
        Assert.Empty(publisher.Predictions);

        await pipeline.ProcessAsync(Make.Snapshot(1));
        Assert.Equal([1L], publisher.Predictions.Select(p => p.Sequence));
    }

    [Fact]
    public async Task An_append_that_failed_after_its_commit_is_found_again_and_published_once()
    {
        log.FailAfterCommit = 1;
        var pipeline = await OpenAsync();
        await Assert.ThrowsAsync<AppendFailedException>(() => pipeline.ProcessAsync(Make.Snapshot(1)));
        time.Advance(TimeSpan.FromSeconds(5));

        await pipeline.ProcessAsync(Make.Snapshot(1));

        Assert.Single(log.Entries);
        Assert.Equal(log.Entries[0].Timestamp, Assert.Single(publisher.Predictions).Timestamp);
    }

    [Fact]
    public async Task A_model_that_does_not_answer_in_time_is_a_timeout()
    {
        predictor.Instead.Enqueue(cancellation => Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation));
        var pipeline = await OpenAsync();

        var processing = pipeline.ProcessAsync(Make.Snapshot(1));
        time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<PredictionTimeoutException>(() => processing);
        Assert.NotNull(await pipeline.ProcessAsync(Make.Snapshot(1)));
    }

    [Fact]
    public async Task After_a_log_started_over_the_next_snapshot_follows_the_new_log()
    {
        var pipeline = await OpenAsync();
        await pipeline.ProcessAsync(Make.Snapshot(1));
        log.Entries.Clear();
        log.Epoch = Guid.NewGuid();

        await Assert.ThrowsAsync<EpochChangedException>(() => pipeline.ProcessAsync(Make.Snapshot(2)));

        Assert.Equal(0, pipeline.Cursor.Sequence);
        Assert.Equal(log.Epoch, (await pipeline.ProcessAsync(Make.Snapshot(1)))!.Epoch);
    }

    private void ReloadBeforeAnswer(ModelInfo model) => predictor.Instead.Enqueue(_ =>
    {
        predictor.Model = model;
        return Task.CompletedTask;
    });

    private Task<PredictionPipeline> OpenAsync() => PredictionPipeline.OpenAsync("m", predictor, log, publisher, time);
}
