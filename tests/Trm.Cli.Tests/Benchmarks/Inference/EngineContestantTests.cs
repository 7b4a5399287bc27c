using Trm.Cli.Benchmarks.Inference;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Cli.Tests.Benchmarks.Inference;

public sealed class EngineContestantTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(7, 2)]
    [InlineData(8, 3)]
    [InlineData(3, 3)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public async Task Each_row_is_answered_whether_threads_share_the_batch_or_the_layers(int batch, int threads)
    {
        using var inputs = new BenchInputs(batch);
        var made = new List<int>();
        await using var contestant = new EngineContestant("echo", WeightFormat.Fp32, count =>
        {
            made.Add(count);
            return new EchoEngine();
        });

        var slot = await contestant.RunAsync(inputs, batch, threads, repeats: 3, CancellationToken.None);

        Assert.Equal(batch < threads ? [1, threads] : [1], made);
        Assert.Equal(3, slot.Seconds.Length);
        Assert.True(slot.PredictionsPerSecond > 0);
        Assert.Equal(batch * BenchInputs.AnswerWidth, slot.Answers.Length);
        for (var i = 0; i < slot.Answers.Length; i++)
        {
            var (row, place) = (i / BenchInputs.AnswerWidth, i % BenchInputs.AnswerWidth);
            Assert.Equal(inputs.Row(row)[place], slot.Answers[i]);
        }
    }

    [Fact]
    public void A_failure_on_another_thread_is_told_on_the_callers()
    {
        using var crew = new Crew(3);

        var error = Assert.Throws<AggregateException>(() => crew.Run(member =>
        {
            if (member == 2) throw new InvalidOperationException("no");
        }));

        Assert.Equal("no", Assert.Single(error.InnerExceptions).Message);
        var seen = new int[3];
        crew.Run(member => seen[member]++);
        Assert.Equal([1, 1, 1], seen);
    }

    // A row's first eight features are its probabilities, the ninth its halt probability.
    private sealed class EchoEngine : IInferenceEngine
    {
        public string Name => "echo";

        public void Predict(ReadOnlySpan<float> normalized, Span<float> probabilities, Span<float> halt)
        {
            for (var row = 0; row < halt.Length; row++)
            {
                var features = normalized.Slice(row * FeatureNames.Count, FeatureNames.Count);
                features[..Strategy.Count].CopyTo(probabilities[(row * Strategy.Count)..]);
                halt[row] = features[Strategy.Count];
            }
        }

        public void Dispose() { }
    }
}
