using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference.Engine;

namespace Trm.Inference.Tests.Engine;

public sealed class RowTeamTests
{
    [Theory]
    [InlineData(Precision.Fp32, 2, 1)]
    [InlineData(Precision.Int16, 2, 1)]
    [InlineData(Precision.Int16, 3, 1)]
    [InlineData(Precision.Int16, 2, 7)]
    [InlineData(Precision.Fp32, 3, 16)]
    [InlineData(Precision.Int16, 2, 67)]
    public void A_batch_shared_by_threads_is_the_same_bit_for_bit(Precision precision, int threads, int batch)
    {
        var weights = RandomModel.Weights(272);
        using var alone = new ManagedEngine(weights, 2, 3, precision);
        using var shared = new ManagedEngine(weights, 2, 3, precision, threads);
        for (var seed = 0; seed < 50; seed++)
        {
            var input = RandomModel.Inputs(batch, seed);
            Assert.Equal(Run(alone, input), Run(shared, input));
        }
    }

    [Fact]
    public void The_first_batch_of_a_workspace_is_right_although_threads_share_its_making()
    {
        var weights = RandomModel.Weights(32);
        var input = RandomModel.Inputs(128);
        using var alone = new ManagedEngine(weights, 1, 1, Precision.Int16);
        var expected = Run(alone, input);
        for (var i = 0; i < 400; i++)
        {
            using var shared = new ManagedEngine(weights, 1, 1, Precision.Int16, threads: 3);
            Assert.Equal(expected, Run(shared, input));
        }
    }

    [Fact]
    public void Many_callers_at_once_share_one_team_or_work_alone()
    {
        using var engine = new ManagedEngine(RandomModel.Weights(136), 2, 2, Precision.Int16, threads: 2);
        var inputs = Enumerable.Range(0, 8).Select(seed => RandomModel.Inputs(1, seed)).ToArray();
        var expected = inputs.Select(input => Run(engine, input)).ToArray();

        Parallel.For(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => Assert.Equal(expected[i % 8], Run(engine, inputs[i % 8])));
    }

    [Fact]
    public void Every_block_of_every_stage_is_done_once()
    {
        using var team = new RowTeam(2);
        Assert.True(team.TryLead());
        Assert.False(team.TryLead());
        for (var blocks = 1; blocks < 200; blocks++)
        {
            var stage = new CountingStage(blocks);
            team.Run(stage);
            Assert.All(stage.Counts, count => Assert.Equal(1, count));
        }
        team.Leave();
        Assert.True(team.TryLead());
        team.Leave();
    }

    private static float[] Run(ManagedEngine engine, float[] input)
    {
        var batch = input.Length / FeatureNames.Count;
        var output = new float[batch * (Strategy.Count + 1)];
        engine.Predict(input, output.AsSpan(0, batch * Strategy.Count), output.AsSpan(batch * Strategy.Count));
        return output;
    }

    private sealed class CountingStage(int blocks) : IRowStage
    {
        public int[] Counts { get; } = new int[blocks];

        public int Batch { get; set; }

        public int Blocks => blocks;

        public void Run(int block) => Interlocked.Increment(ref Counts[block]);

        public void RunAll() => throw new InvalidOperationException("a team runs blocks");
    }
}
