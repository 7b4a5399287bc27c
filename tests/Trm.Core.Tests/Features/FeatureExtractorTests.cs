using FsCheck;
using FsCheck.Fluent;
using Trm.Core.Bars;
using Trm.Core.Features;

namespace Trm.Core.Tests.Features;

/// <summary>Promises that both recipes keep.</summary>
public class FeatureExtractorTests
{
    public static TheoryData<string> Sets => [.. FeatureSets.All];

    [Theory, MemberData(nameof(Sets))]
    public void Where_reading_started_leaves_no_trace(string set)
    {
        var sessions = WithHoles(TestSessions.RandomWalk(TestSessions.Small, 400, seed: 11), seed: 12);
        var whole = FeatureSets.Create(set, TestSessions.Small);
        var readings = sessions.Select(whole.Push).ToList();

        var compared = 0;
        for (var start = 0; start + whole.LookBackSessions < sessions.Count; start += 7)
        {
            var restarted = FeatureSets.Create(set, TestSessions.Small);
            var at = start + whole.LookBackSessions;
            foreach (var warmUp in sessions[start..at]) restarted.Push(warmUp);
            for (var t = at; t < Math.Min(at + 5, sessions.Count); t++)
            {
                var reading = restarted.Push(sessions[t]);
                Assert.Equal(readings[t].Features, reading.Features);
                Assert.Equal(readings[t].Reason, reading.Reason);
                if (reading.Features is not null) compared++;
            }
        }
        Assert.True(compared > 50, $"only {compared} sessions had features to compare");
    }

    [Theory, MemberData(nameof(Sets))]
    public void Where_reading_started_leaves_no_trace_on_real_bars(string set)
    {
        var sessions = TestSessions.RealSessions();
        var whole = FeatureSets.Create(set, TestSessions.UsEquities);
        var readings = sessions.Select(whole.Push).ToList();

        foreach (var at in new[] { 100, 253, 254, 300, 1234, 3000, sessions.Count - 1 })
        {
            var restarted = FeatureSets.Create(set, TestSessions.UsEquities);
            foreach (var warmUp in sessions[(at - whole.LookBackSessions)..at]) restarted.Push(warmUp);
            Assert.Equal(readings[at].Features, restarted.Push(sessions[at]).Features);
        }
    }

    [Theory, MemberData(nameof(Sets))]
    public void Features_do_not_change_when_later_bars_do(string set) => Prop.ForAll(
        Gen.Choose(0, 100_000).Zip(Gen.Choose(61, 99)).ToArbitrary(),
        ((int Seed, int At) draw) =>
        {
            var sessions = TestSessions.RandomWalk(TestSessions.Small, 100, draw.Seed);
            var otherFuture = TestSessions.RandomWalk(TestSessions.Small, 100, draw.Seed + 1);
            List<Session> changed = [.. sessions.Take(draw.At), .. WithHoles(otherFuture, draw.Seed).Skip(draw.At)];

            var first = FeatureSets.Create(set, TestSessions.Small);
            var second = FeatureSets.Create(set, TestSessions.Small);
            var before = sessions.Select(first.Push).Take(draw.At).Select(r => (r.Features, r.Reason)).ToList();
            var after = changed.Select(second.Push).Take(draw.At).Select(r => (r.Features, r.Reason)).ToList();
            return before.SequenceEqual(after) && before[^1].Features is not null;
        }).QuickCheckThrowOnFailure();

    [Theory, MemberData(nameof(Sets))]
    public void A_session_that_is_not_later_is_refused_by_name(string set)
    {
        var extractor = FeatureSets.Create(set, TestSessions.Small);
        var sessions = TestSessions.RandomWalk(TestSessions.Small, 3, seed: 1);
        extractor.Push(sessions[1]);

        Assert.Contains("2020-01-01 is not later than 2020-01-02", Assert.Throws<ArgumentException>(() => extractor.Push(sessions[0])).Message);
        Assert.Throws<ArgumentException>(() => extractor.Push(sessions[1]));
        extractor.Push(sessions[2]);
    }

    /// <summary>Bars drop out here and there, single ones and whole stretches of a symbol.</summary>
    private static List<Session> WithHoles(List<Session> sessions, int seed)
    {
        var random = new Random(seed);
        return [.. sessions.Select((s, i) => s.Without([.. s.Bars.Keys.Where(symbol =>
            symbol == "GLD" ? i % 50 < 8 : random.Next(200) == 0)]))];
    }
}
