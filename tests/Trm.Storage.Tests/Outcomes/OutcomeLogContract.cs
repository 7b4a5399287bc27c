using Microsoft.Extensions.Time.Testing;
using Trm.Core.Features;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;
using Trm.Storage.Outcomes;
using Trm.Storage.Tests.Predictions;

namespace Trm.Storage.Tests.Outcomes;

/// <summary>What every record of outcomes promises, whatever it is kept in.</summary>
public abstract class OutcomeLogContract : IAsyncLifetime
{
    private const string Market = "us-equities";
    private static readonly OutcomeRule Rule = OutcomeRule.UtilityV1;
    private static readonly Guid Epoch = Guid.NewGuid();

    protected FakeTimeProvider Time { get; } = new(SamplePredictions.Start);

    protected IOutcomeLog Log { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Log = await OpenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (Log is IAsyncDisposable opened) await opened.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the test's store: the first time for <see cref="Log"/>, then as another process would.</summary>
    protected abstract Task<IOutcomeLog> OpenAsync();

    [Fact]
    public async Task What_is_read_equals_what_was_recorded_to_the_last_bit()
    {
        var (outcome, prediction) = (Outcome(1), Prediction(1));
        await Log.RecordAsync(Market, Rule, [new JudgedSession(outcome, [prediction])]);

        var other = await OpenAsync();
        await using var closing = (IAsyncDisposable)other;
        var read = Assert.Single(await other.ReadAsync(Market, Rule, new OutcomeQuery()));

        Assert.Equal((prediction.Epoch, prediction.Sequence, prediction.ModelVersion), (read.Epoch, read.Sequence, read.ModelVersion));
        Assert.Equal(prediction.Probabilities, read.Probabilities);
        Assert.Equal((outcome.Session, outcome.Settled), (read.Outcome.Session, read.Outcome.Settled));
        Assert.Equal(outcome.Returns, read.Outcome.Returns);
        Assert.Equal(outcome.Utilities, read.Outcome.Utilities);
    }

    [Fact]
    public async Task An_outcome_stays_as_it_was_recorded_first()
    {
        await RecordAsync(1);
        await Log.RecordAsync(Market, Rule, [new JudgedSession(Outcome(1) with { Returns = new double[8], Settled = Day(9) }, [Prediction(1)])]);

        var read = Assert.Single(await Log.ReadAsync(Market, Rule, new OutcomeQuery()));
        Assert.Equal(Outcome(1).Returns, read.Outcome.Returns);
        Assert.Equal(Day(6), read.Outcome.Settled);
    }

    [Fact]
    public async Task Of_a_session_and_a_model_the_prediction_made_last_stands_in_whatever_order_they_come()
    {
        var (earlier, later) = (Prediction(1) with { Sequence = 5 }, Prediction(1) with { Sequence = 6, Epoch = Guid.NewGuid(), Timestamp = Prediction(1).Timestamp.AddHours(1) });
        await Log.RecordAsync(Market, Rule, [new JudgedSession(Outcome(1), [later])]);
        await Log.RecordAsync(Market, Rule, [new JudgedSession(Outcome(1), [earlier, Prediction(1, "other")])]);

        var read = await Log.ReadAsync(Market, Rule, new OutcomeQuery());
        Assert.Equal([("other", 1L), ("1.0", 6L)], read.Select(p => (p.ModelVersion, p.Sequence)));
        Assert.Equal(later.Epoch, read[1].Epoch);
    }

    [Fact]
    public async Task The_cursor_is_the_last_sequence_judged_of_that_log_and_market()
    {
        Assert.Equal(0, await Log.CursorAsync(Market, Epoch));
        await RecordAsync(1, 2, 7, 4);

        Assert.Equal(7, await Log.CursorAsync(Market, Epoch));
        Assert.Equal(0, await Log.CursorAsync(Market, Guid.NewGuid()));
        Assert.Equal(0, await Log.CursorAsync("crypto", Epoch));
    }

    public static TheoryData<OutcomeQuery, int[]> Queries => new()
    {
        { new OutcomeQuery(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
        { new OutcomeQuery { Limit = 3 }, [8, 9, 10] },
        { new OutcomeQuery { After = Day(4), Limit = 3 }, [5, 6, 7] },
        { new OutcomeQuery { Before = Day(4), Limit = 2 }, [2, 3] },
        { new OutcomeQuery { After = Day(2), Before = Day(5) }, [3, 4] },
        { new OutcomeQuery { SettledBy = Day(10), Limit = 2 }, [4, 5] },
        { new OutcomeQuery { After = Day(10) }, [] },
        { new OutcomeQuery { ModelVersion = "unknown" }, [] },
    };

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_range_is_by_session_ascending_and_knows_nothing_that_settled_later(OutcomeQuery query, int[] expected)
    {
        await RecordAsync([.. Enumerable.Range(1, 10)]);
        Assert.Equal(expected.Select(Day), (await Log.ReadAsync(Market, Rule, query)).Select(p => p.Outcome.Session));
    }

    [Fact]
    public async Task A_limit_counts_sessions_and_each_comes_with_all_its_models()
    {
        for (var day = 1; day <= 4; day++) await Log.RecordAsync(Market, Rule, [new JudgedSession(Outcome(day), [Prediction(day), Prediction(day, "2.0")])]);

        Assert.Equal([Day(3), Day(3), Day(4), Day(4)], (await Log.ReadAsync(Market, Rule, new OutcomeQuery { Limit = 2 })).Select(p => p.Outcome.Session));
        Assert.Equal([Day(3), Day(4)], (await Log.ReadAsync(Market, Rule, new OutcomeQuery { Limit = 2, ModelVersion = "2.0" })).Select(p => p.Outcome.Session));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(OutcomeQuery.MaxLimit + 1)]
    public async Task A_limit_out_of_range_is_refused_with_the_range(int limit)
    {
        var e = await Assert.ThrowsAsync<InvalidOutcomeLimitException>(() => Log.ReadAsync(Market, Rule, new OutcomeQuery { Limit = limit }));
        Assert.Contains($"limit {limit} is not from 1 to 5000", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_are_counted_for_each_model_by_itself()
    {
        for (var day = 1; day <= 6; day++) await Log.RecordAsync(Market, Rule, [new JudgedSession(Outcome(day), [Prediction(day, day <= 4 ? "1.0" : "2.0")])]);

        Assert.Equal([2, 3, 4, 5, 6], Days(await Log.NewestAsync(Market, Rule, DateOnly.MaxValue, 3)));
        Assert.Equal([3, 4, 5], Days(await Log.NewestAsync(Market, Rule, Day(10), 2)));
        Assert.Empty(await Log.NewestAsync("crypto", Rule, DateOnly.MaxValue, 3));

        static IEnumerable<int> Days(IEnumerable<JudgedPrediction> judged) => judged.Select(p => p.Outcome.Session.DayNumber - Day(0).DayNumber);
    }

    [Fact]
    public async Task Features_come_in_the_order_they_were_predicted()
    {
        await RecordAsync(1, 2, 3);
        // A replay that began again: an earlier session, predicted later.
        await Log.RecordAsync(Market, Rule, [new JudgedSession(Outcome(1), [Prediction(1) with { Sequence = 9, Timestamp = Prediction(9).Timestamp }])]);

        var read = await Log.FeaturesAsync(Market, 2);
        Assert.Equal([Day(3), Day(1)], read.Select(p => p.Session));
        Assert.Equal(Prediction(3) with { Probabilities = read[0].Probabilities }, read[0]);
        Assert.Equal(Prediction(3).Probabilities, read[0].Probabilities);
    }

    [Fact]
    public async Task Several_may_record_the_same_at_once()
    {
        var other = await OpenAsync();
        await using var closing = (IAsyncDisposable)other;

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => RecordAsync(i % 2 == 0 ? Log : other, 1, 2, 3))));

        Assert.Equal(3, (await Log.ReadAsync(Market, Rule, new OutcomeQuery())).Count);
    }

    [Fact]
    public async Task To_record_nothing_does_nothing()
    {
        await Log.RecordAsync(Market, Rule, []);
        Assert.Empty(await Log.ReadAsync(Market, Rule, new OutcomeQuery()));
    }

    private Task RecordAsync(params int[] days) => RecordAsync(Log, days);

    private static Task RecordAsync(IOutcomeLog log, params int[] days) =>
        log.RecordAsync(Market, Rule, [.. days.Select(day => new JudgedSession(Outcome(day), [Prediction(day)]))]);

    private static DateOnly Day(int number) => new DateOnly(2020, 12, 25).AddDays(number);

    private static SessionOutcome Outcome(int day) => new(
        Day(day), Day(day + 5), [.. Strategy.All.Select(s => Math.PI / (day + s.Id))], [.. Strategy.All.Select(s => -Math.E * Math.Pow(10, s.Id - 300))]);

    private static SessionPrediction Prediction(int day, string model = "1.0") => new(
        Day(day), Epoch, day, SamplePredictions.Start.AddMinutes(day).AddMicroseconds(model == "1.0" ? 1 : -1), model,
        [.. Strategy.All.Select(s => s.Id == day % 8 ? 0.3f + (0.1f / (day + 1)) : 0.1f)], FeatureSets.CausalV2,
        FeatureVector.From([.. Enumerable.Range(0, 10).Select(i => Math.PI * (i - 4) / (day + 1))]));
}
