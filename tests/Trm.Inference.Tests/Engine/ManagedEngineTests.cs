using System.Runtime.Intrinsics;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Inference.Tests.Engine;

public sealed class ManagedEngineTests
{
    [Theory]
    [InlineData(2, 1, 1, 1)]
    [InlineData(6, 2, 3, 5)]
    [InlineData(8, 3, 0, 2)]
    [InlineData(10, 1, 6, 4)]
    [InlineData(34, 3, 2, 7)]
    [InlineData(64, 2, 2, 3)]
    [InlineData(70, 2, 2, 70)]
    [InlineData(136, 1, 2, 9)]
    public void Any_shape_agrees_with_the_formulas_in_double_precision(int hidden, int cycles, int steps, int batch)
    {
        var weights = RandomModel.Weights(hidden, seed: hidden + batch);
        var reference = new ReferenceModel(weights, cycles, steps);
        var input = RandomModel.Inputs(batch);

        var (probabilities, halt) = Run(new ManagedEngine(weights, cycles, steps), input);

        for (var sample = 0; sample < batch; sample++)
        {
            var expected = reference.Predict(input.AsSpan(sample * FeatureNames.Count, FeatureNames.Count));
            for (var i = 0; i < Strategy.Count; i++) Assert.Equal(expected.Probabilities[i], probabilities[sample * Strategy.Count + i], 2e-6);
            Assert.Equal(expected.Halt, halt[sample], 2e-6);
        }
    }

    public static TheoryData<int, int, string, Precision> Batches()
    {
        var data = new TheoryData<int, int, string, Precision>();
        foreach (var path in EnginePath.Supported)
        {
            foreach (var precision in new[] { Precision.Fp32, Precision.Int16 })
            {
                foreach (var (hidden, batch) in new[] { (72, 1), (72, 3), (72, 4), (72, 67), (18, 131), (530, 9) }) data.Add(hidden, batch, path.Name, precision);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void A_row_of_a_batch_equals_the_row_alone_bit_for_bit(int hidden, int batch, string path, Precision precision)
    {
        using var engine = new ManagedEngine(RandomModel.Weights(hidden), 2, 2, precision, path: EnginePath.Supported.Single(p => p.Name == path));
        var input = RandomModel.Inputs(batch);

        var (probabilities, halt) = Run(engine, input);

        for (var sample = 0; sample < batch; sample++)
        {
            var alone = Run(engine, input[(sample * FeatureNames.Count)..((sample + 1) * FeatureNames.Count)]);
            Assert.Equal(alone.Probabilities, probabilities[(sample * Strategy.Count)..((sample + 1) * Strategy.Count)]);
            Assert.Equal(alone.Halt[0], halt[sample]);
        }
    }

    [Theory]
    [InlineData(1, Precision.Fp32, 1)]
    [InlineData(1, Precision.Int16, 1)]
    [InlineData(1, Precision.Int16, 2)]
    [InlineData(5, Precision.Fp32, 1)]
    [InlineData(5, Precision.Int16, 1)]
    public void A_prediction_allocates_nothing_once_its_workspace_exists(int batch, Precision precision, int threads)
    {
        using var engine = new ManagedEngine(RandomModel.Weights(64), 2, 2, precision, threads);
        var input = RandomModel.Inputs(batch);
        var probabilities = new float[batch * Strategy.Count];
        var halt = new float[batch];
        engine.Predict(input, probabilities, halt);

        // A collection that another thread begins meanwhile counts what is left of this thread's own allocation block. What a
        // prediction allocates is there every time.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => AllocatedBy(100)));

        long AllocatedBy(int predictions)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < predictions; i++) engine.Predict(input, probabilities, halt);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Many_callers_at_once_get_their_own_answers()
    {
        var engine = new ManagedEngine(RandomModel.Weights(34), 2, 2);
        var inputs = Enumerable.Range(0, 16).Select(seed => RandomModel.Inputs(1 + seed % 6, seed)).ToList();
        var expected = inputs.Select(input => Run(engine, input)).ToList();

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var (probabilities, halt) = Run(engine, inputs[i % inputs.Count]);
            Assert.Equal(expected[i % inputs.Count].Probabilities, probabilities);
            Assert.Equal(expected[i % inputs.Count].Halt, halt);
        });
    }

    [Fact]
    public void Lengths_of_different_batches_are_refused_and_an_empty_batch_is_fine()
    {
        var engine = new ManagedEngine(RandomModel.Weights(6), 1, 1);

        engine.Predict([], [], []);

        Assert.Throws<ArgumentException>(() => engine.Predict(new float[20], new float[8], new float[1]));
        Assert.Throws<ArgumentException>(() => engine.Predict(new float[10], new float[7], new float[1]));
    }

    [Fact]
    public void Softmax_and_sigmoid_stay_finite_for_any_logits()
    {
        float[] logits = [3e38f, -3e38f, 0, 88, 89, -104, 1, 2];
        Kernels.Softmax(logits);

        Assert.Equal(1f, logits.Sum(), 1e-6f);
        Assert.Equal((0f, 1f), (Kernels.Sigmoid(-1e30f), Kernels.Sigmoid(1e30f)));
    }

    private static (float[] Probabilities, float[] Halt) Run(ManagedEngine engine, float[] input)
    {
        var batch = input.Length / FeatureNames.Count;
        var probabilities = new float[batch * Strategy.Count];
        var halt = new float[batch];
        engine.Predict(input, probabilities, halt);
        return (probabilities, halt);
    }
}
