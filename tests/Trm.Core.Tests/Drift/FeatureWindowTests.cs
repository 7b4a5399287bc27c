using Trm.Core.Drift;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Drift;

public sealed class FeatureWindowTests
{
    private static readonly FeatureBins Deciles = new([.. Enumerable.Range(1, 9).Select(i => i / 10.0)], [.. Enumerable.Repeat(0.1, 10)]);

    private readonly FeatureWindow window = new();

    [Fact]
    public void The_index_is_the_one_computed_by_hand()
    {
        // 150 of 200 below 0.5 and 50 above, where half was expected.
        Push([.. Enumerable.Range(0, 200).Select(i => i % 4 == 0 ? 0.7 : 0.2)]);

        var report = window.Against(Model(("vix", new FeatureBins([0.5], [0.5, 0.5]))))!;

        Assert.Equal(200, report.Sessions);
        Assert.Equal((0.25 * Math.Log(0.75 / 0.5)) - (0.25 * Math.Log(0.25 / 0.5)), report.Features["vix"], 1e-12);
        Assert.Equal(["vix"], report.Features.Keys);
        Assert.Equal(["vix"], report.Warnings);
    }

    [Fact]
    public void An_empty_bin_counts_as_half_a_session()
    {
        Push([.. Enumerable.Repeat(0.2, 250)]);

        Assert.Equal(
            (0.5 * Math.Log(2)) + ((0.002 - 0.5) * Math.Log(0.002 / 0.5)),
            window.Against(Model(("vix", new FeatureBins([0.5], [0.5, 0.5]))))!.Features["vix"], 1e-12);
    }

    [Fact]
    public void Sessions_beyond_the_windows_length_are_forgotten()
    {
        Push([.. Enumerable.Repeat(0.9, 200), .. Enumerable.Repeat(0.2, FeatureWindow.Sessions)]);

        var report = window.Against(Model(("vix", new FeatureBins([0.5], [1, 0]))))!;

        Assert.Equal((FeatureWindow.Sessions, 0), (report.Sessions, report.Features["vix"]));
    }

    [Fact]
    public void A_sessions_features_are_those_it_was_said_to_have_last()
    {
        for (var i = 0; i < 1_000; i++) window.Push(1, FeatureSets.CausalV2, Vector(0.9));
        Push([.. Enumerable.Repeat(0.2, FeatureWindow.FewestSessions - 1)], from: 2);

        Assert.Equal(FeatureWindow.FewestSessions, window.Against(Model(("vix", Deciles)))!.Sessions);
    }

    [Fact]
    public void There_is_no_report_of_too_few_sessions_of_another_recipe_or_of_a_model_that_does_not_say()
    {
        Push([.. Enumerable.Repeat(0.2, FeatureWindow.FewestSessions - 1)]);
        Assert.Null(window.Against(Model(("vix", Deciles))));

        window.Push("one more", FeatureSets.CausalV2, Vector(0.2));
        Assert.NotNull(window.Against(Model(("vix", Deciles))));
        Assert.Null(window.Against(Model(("vix", Deciles)) with { FeatureSet = FeatureSets.LegacyV1 }));
        Assert.Null(window.Against(Model(("vix", Deciles)) with { FeatureDistribution = null }));

        window.Push("another recipe", FeatureSets.LegacyV1, Vector(0.2));
        Assert.Null(window.Against(Model(("vix", Deciles))));
    }

    /// <summary>The threshold's noise: windows drawn from the training rows themselves. The draws are seeded, so the count is exact.</summary>
    [Theory]
    [InlineData(FeatureWindow.Sessions, 0)]
    [InlineData(FeatureWindow.FewestSessions, 0)]
    public void Rows_of_the_training_distribution_seldom_warn(int sessions, int expected)
    {
        var random = new Random(11);
        var warned = 0;
        for (var trial = 0; trial < 2_000; trial++)
        {
            var drawn = new FeatureWindow();
            for (var i = 0; i < sessions; i++) drawn.Push(i, FeatureSets.CausalV2, Vector(random.NextDouble()));
            if (drawn.Against(Model(("vix", Deciles)))!.Warnings.Count > 0) warned++;
        }
        Assert.Equal(expected, warned);
    }

    private void Push(double[] values, int from = 0)
    {
        for (var i = 0; i < values.Length; i++) window.Push(from + i, FeatureSets.CausalV2, Vector(values[i]));
    }

    private static FeatureVector Vector(double vix) => FeatureVector.From([vix, 0, 0, 1, 0.5, 0.3, 1, 0.4, 0.01, 1]);

    private static ModelInfo Model(params (string Feature, FeatureBins Bins)[] distribution) =>
        new FakePredictor().Model with { FeatureDistribution = distribution.ToDictionary(d => d.Feature, d => d.Bins) };
}
