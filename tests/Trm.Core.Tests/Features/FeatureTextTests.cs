using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Features;

public class FeatureTextTests
{
    private const string Ten = "14.5,-0.02,-0.05,1.1,0.45,0.28,1.3,0.99,0.03,0.95";

    [Fact]
    public void Ten_numbers_an_array_and_an_object_in_any_order_say_the_same()
    {
        var numbers = FeatureText.FromCsv(Ten);
        var byName = string.Join(",", FeatureNames.All.Select((name, i) => $"\"{name}\":{numbers[i]:R}").Reverse());

        Assert.Equal(numbers, FeatureText.FromJson($"[{Ten}]"));
        Assert.Equal(numbers, FeatureText.FromJson($"{{{byName}}}"));
        Assert.Equal(numbers, FeatureText.FromJson($"{{\"features\":[{Ten}]}}"));
        Assert.Equal(numbers, FeatureText.FromJson($"{{\"features\":{{{byName}}}}}"));
    }

    [Fact]
    public void Features_that_say_another_set_than_the_models_are_refused()
    {
        var model = new FakePredictor().Model;
        var right = FeatureText.FromJson($"{{\"features\":[{Ten}],\"feature_set\":\"causal-v2\"}}", model);

        Assert.Equal(FeatureText.FromCsv(Ten), right);
        Assert.Throws<FeatureSetMismatchException>(() => FeatureText.FromJson($"{{\"features\":[{Ten}],\"feature_set\":\"legacy-v1\"}}", model));
    }

    [Theory]
    [InlineData("1,2,3", "3 features given, 10 needed")]
    [InlineData("1,2,3,4,x,6,7,8,9,10", "'x' (number 5) is not a number")]
    [InlineData("1,NaN,3,4,5,6,7,8,9,10", "feature spy_returns_5d is NaN")]
    [InlineData("1,2,3,4,5,6,7,8,Infinity,10", "feature sector_dispersion is Infinity")]
    public void Bad_numbers_are_refused_by_name(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidFeaturesException>(() => FeatureText.FromCsv(text)).Message);

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("7", "not Number")]
    [InlineData("[1,2]", "2 features given")]
    [InlineData("[1,2,3,4,5,6,7,8,9,null]", "feature signal_quality is null")]
    [InlineData("{\"moon\":1}", "unknown features: moon")]
    [InlineData("{\"vix\":1}", "missing features: spy_returns_5d")]
    public void Bad_json_is_refused_by_name(string text, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidFeaturesException>(() => FeatureText.FromJson(text)).Message);
}
