using Trm.Cli.Benchmarks.Inference.Machine;

namespace Trm.Cli.Tests.Benchmarks.Inference.Machine;

public sealed class FloorTests
{
    // Reads 1,000 bytes and does 4,000 multiply-adds a second.
    private static readonly FormatFloor Fp32 = new(WeightFormat.Fp32, 4, 4_000, 1_000);

    [Fact]
    public void The_shipped_models_work_is_27_7_million_multiply_adds() =>
        Assert.Equal(27_665_664, new ModelWork(512, 18).MultiplyAdds);

    [Fact]
    public void Work_is_six_matrices_a_step_less_three_of_the_zero_state_and_the_edges()
    {
        var work = new ModelWork(Hidden: 4, Steps: 2);

        Assert.Equal((6 * 2 - 3) * 16 + 4 * 10 + 4 * 8 + 2 * 4 + 2, work.MultiplyAdds);
        Assert.Equal(6 * 16, work.StepWeights);
    }

    [Fact]
    public void A_model_without_steps_is_its_edges() => Assert.Equal(4 * 10 + 4 * 8 + 2 * 4 + 2, new ModelWork(4, 0).MultiplyAdds);

    [Fact]
    public void A_small_batch_waits_for_the_weights_and_a_large_one_for_the_arithmetic()
    {
        var work = new ModelWork(4, 2);

        Assert.Equal(work.MultiplyAdds * 4 / 1_000.0, Fp32.Seconds(work, batch: 1, threads: 1));
        Assert.Equal(work.MultiplyAdds * 4 / 1_000.0, Fp32.Seconds(work, batch: 16, threads: 1));
        Assert.Equal(work.MultiplyAdds * 32 / 4_000.0, Fp32.Seconds(work, batch: 32, threads: 1));
    }

    [Fact]
    public void Two_bytes_are_read_in_half_the_time() =>
        Assert.Equal(Fp32.Seconds(new(4, 2), 1, 1) / 2, (Fp32 with { WeightBytes = 2 }).Seconds(new(4, 2), 1, 1));

    [Fact]
    public void Two_threads_do_at_best_twice_as_much()
    {
        Assert.Equal(Fp32.Seconds(new(4, 2), 1, 1) / 2, Fp32.Seconds(new(4, 2), 1, 2));
        Assert.Equal(Fp32.Seconds(new(4, 2), 64, 1) / 2, Fp32.Seconds(new(4, 2), 64, 2));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(512, 18)]
    public void A_measured_floor_is_a_finite_number_above_zero_for_any_model(int hidden, int steps)
    {
        var gauge = new MachineGauge(new ModelWork(hidden, steps));
        gauge.Measure();

        foreach (var format in (WeightFormat[])[WeightFormat.Fp32, WeightFormat.Int16])
        {
            var floor = gauge.Floor(format)!;
            Assert.True(double.IsFinite(floor.PeakMultiplyAdds) && floor.PeakMultiplyAdds > 0);
            Assert.True(double.IsFinite(floor.ReadBytes) && floor.ReadBytes > 0);
        }
        Assert.Null(gauge.Floor(WeightFormat.Int8));
    }

    [Fact]
    public void The_processors_name_is_the_first_that_the_system_tells()
    {
        Assert.Equal("Zen 4: fast", MachineDescription.ProcessorOf(["processor\t: 0", "model name\t: Zen 4: fast", "model name\t: other"]));
        Assert.Null(MachineDescription.ProcessorOf(["processor\t: 0"]));
    }
}
