using Trm.Inference.Batching;

namespace Trm.Inference.Tests.Batching;

public sealed class CostModelTests
{
    private readonly CostModel cost = new();

    [Fact]
    public void From_a_few_batches_it_knows_all_sizes()
    {
        foreach (var rows in new[] { 1, 8, 64 }) cost.Record(rows, 0.001 + 0.0002 * rows);

        Assert.Equal(0.001, cost.Fixed, 1e-9);
        Assert.Equal(0.0002, cost.PerRow, 1e-9);
        Assert.Equal(0.001 + 0.0002 * 512, cost.Estimate(512), 1e-9);
    }

    [Fact]
    public void An_engine_that_was_never_measured_costs_nothing_so_that_it_is_tried() => Assert.Equal(0, cost.Estimate(100));

    [Fact]
    public void One_size_alone_is_taken_as_a_cost_for_each_row()
    {
        cost.Record(10, 0.02);

        Assert.Equal(0.2, cost.Estimate(100), 1e-9);
    }

    [Fact]
    public void A_long_run_of_single_rows_does_not_make_it_forget_what_a_large_batch_costs()
    {
        foreach (var rows in new[] { 1, 64 }) cost.Record(rows, 0.001 + 0.0002 * rows);

        for (var i = 0; i < 10_000; i++) cost.Record(1, 0.0012);

        Assert.Equal(0.001 + 0.0002 * 512, cost.Estimate(512), 1e-6);
    }

    [Fact]
    public void A_pause_changes_little_and_a_new_speed_soon_everything()
    {
        foreach (var rows in new[] { 1, 64 }) cost.Record(rows, 0.0001 * rows);

        cost.Record(64, 30);
        Assert.InRange(cost.Estimate(64), 0.0064, 0.0064 * 1.61);

        for (var i = 0; i < 40; i++) cost.Record(64, 0.064);
        Assert.InRange(cost.Estimate(64), 0.05, 0.07);
    }

    [Fact]
    public void Noise_that_speaks_against_the_formula_makes_no_negative_cost()
    {
        cost.Record(1, 0.01);
        cost.Record(64, 0.005);
        Assert.InRange(cost.Estimate(1000), 0.0001, 0.01);

        var steep = new CostModel();
        steep.Record(1, 0.0001);
        steep.Record(64, 0.1);
        Assert.True(steep.Estimate(1) > 0);
    }

    [Fact]
    public void An_engine_that_is_passed_over_is_forgiven_down_to_half_until_it_is_measured_again()
    {
        cost.Record(10, 0.01);

        for (var i = 0; i < 10_000; i++) cost.PassedOver();
        Assert.Equal(0.005, cost.Estimate(10), 1e-9);

        cost.Record(10, 0.01);
        Assert.Equal(0.01, cost.Estimate(10), 1e-9);
    }
}
