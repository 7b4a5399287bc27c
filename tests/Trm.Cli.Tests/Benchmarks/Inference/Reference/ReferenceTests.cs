using System.Text.Json;
using Trm.Cli.Benchmarks.Inference;
using Trm.Cli.Benchmarks.Inference.Reference;
using Trm.Inference;
using Trm.Tests;

namespace Trm.Cli.Tests.Benchmarks.Inference.Reference;

public sealed class ReferenceTests
{
    private static readonly string Package = Path.Combine(SharedData.RepositoryRoot, "model", "us-equities");

    private readonly ReferenceModel model = new(TrmModel.Load(Package));

    [Fact]
    public void The_reference_agrees_with_double_precision_PyTorch_to_1e_10()
    {
        var golden = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Package, "golden.json")));
        foreach (var expected in golden.GetProperty("cases").EnumerateArray().Take(8))
        {
            var actual = model.Predict([.. expected.GetProperty("normalized").EnumerateArray().Select(v => (float)v.GetDouble())]);

            Assert.All(
                expected.GetProperty("probabilities").EnumerateArray().Append(expected.GetProperty("halt_probability")).Zip(actual),
                pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 1e-10));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.5204998778130465)]
    [InlineData(-2, -0.9953222650189527)]
    [InlineData(3.5, 0.9999992569016276)]
    [InlineData(9, 1)]
    public void The_error_function_is_exact(double x, double expected) => Assert.Equal(expected, ErrorFunction.Of(x), 1e-15);

    [Fact]
    public void Errors_are_the_largest_of_any_row_and_repeated_rows_have_repeated_answers()
    {
        const int batch = BenchInputs.Different + 2;
        using var inputs = new BenchInputs(batch);
        var reference = new ReferenceAnswers(model, inputs, batch);
        float[] answers = [.. Enumerable.Range(0, 2 * batch).SelectMany(row => model.Predict(inputs.Row(row % batch)).Select(v => (float)v))];
        Assert.InRange(reference.Of(answers, batch).Probability, 0, 1e-7);

        answers[^1] += 0.25f;
        answers[^9] -= 0.5f;
        var error = reference.Of(answers, batch);
        Assert.Equal(0.5, error.Probability, 1e-6);
        Assert.Equal(0.25, error.Halt, 1e-6);

        answers[3] = float.NaN;
        Assert.True(double.IsNaN(reference.Of(answers, batch).Probability));
        Assert.True(double.IsNaN(reference.Of(answers, batch).Or(default).Probability));
    }
}
