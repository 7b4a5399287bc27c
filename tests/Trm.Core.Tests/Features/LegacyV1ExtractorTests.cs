using System.Globalization;
using Trm.Core.Features;
using Trm.Tests;

namespace Trm.Core.Tests.Features;

public class LegacyV1ExtractorTests
{
    [Fact]
    public void Every_row_equals_the_original_implementation()
    {
        var expected = File.ReadLines(SharedData.File("legacy-features-live30d-2010-2018.csv")).Skip(1)
            .Select(line => line.Split(',')).ToDictionary(cells => DateOnly.ParseExact(cells[0], "yyyy-MM-dd"));
        var extractor = FeatureSets.Create(FeatureSets.LegacyV1, TestSessions.UsEquities);

        var compared = 0;
        foreach (var session in TestSessions.RealSessions())
        {
            var reading = extractor.Push(session);
            if (!expected.TryGetValue(session.Date, out var cells)) continue;
            for (var i = 0; i < FeatureNames.Count; i++)
            {
                var reference = double.Parse(cells[i + 1], CultureInfo.InvariantCulture);
                var error = Math.Abs(reading.Features![i] - reference);
                Assert.True(error <= 1e-9 * Math.Abs(reference),
                    $"{session.Date:yyyy-MM-dd} {FeatureNames.All[i]}: {reading.Features[i]:R} instead of {reference:R}");
            }
            compared++;
        }
        Assert.Equal(2239, compared);
        Assert.Equal(expected.Count, compared);
    }

    [Fact]
    public void A_value_of_today_that_is_missing_is_filled_from_yesterday_and_lowers_quality()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, 40, seed: 3);
        var yesterday = sessions[^2].Bars["VIX"].Close;
        sessions[^1] = sessions[^1].Without("VIX");

        var features = Extractor().Last(sessions).Features!;

        Assert.Equal(yesterday, features[FeatureNames.Vix]);
        Assert.Equal(yesterday / 20, features[FeatureNames.PutCallRatio]);
        Assert.Equal(0.8, features[FeatureNames.SignalQuality], 12);
    }

    [Fact]
    public void A_value_that_the_whole_window_lacks_takes_its_default()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, 60, seed: 3).Select(s => s.Without("VIX"));

        var features = Extractor().Last(sessions).Features!;

        Assert.Equal(20, features[FeatureNames.Vix]);
        Assert.Equal(1, features[FeatureNames.PutCallRatio]);
    }

    [Fact]
    public void A_symbol_with_a_single_return_empties_the_correlation()
    {
        var sessions = TestSessions.RandomWalk(TestSessions.Small, 60, seed: 3)
            .Select((s, i) => i < 58 ? s.Without("VIXY") : s).ToList();

        Assert.Equal(0.5, Extractor().Last(sessions).Features![FeatureNames.Correlation]);
        Assert.NotEqual(0.5, Extractor().Last(sessions.SkipLast(1)).Features![FeatureNames.Correlation]);
    }

    [Fact]
    public void Twenty_returns_are_summed_only_when_the_last_thirty_days_hold_them()
    {
        var daily = TestSessions.RandomWalk(TestSessions.Small, 40, seed: 5);
        var everyOther = daily.Select((s, i) => s with { Date = TestSessions.Day(2 * i) }).ToList();

        Assert.NotEqual(0, Extractor().Last(daily).Features![FeatureNames.BenchmarkReturn20]);
        var sparse = Extractor().Last(everyOther).Features!;
        Assert.Equal(0, sparse[FeatureNames.BenchmarkReturn20]);
        Assert.Equal(0.9, sparse[FeatureNames.SignalQuality], 12);
    }

    [Fact]
    public void It_warms_up_for_twenty_sessions()
    {
        var readings = TestSessions.RandomWalk(TestSessions.Small, 21, seed: 1).Select(Extractor().Push).ToList();

        Assert.All(readings.Take(20), r => Assert.True(r.IsWarmingUp && r.Features is null));
        Assert.NotNull(readings[20].Features);
    }

    private static IFeatureExtractor Extractor() => FeatureSets.Create(FeatureSets.LegacyV1, TestSessions.Small);
}
