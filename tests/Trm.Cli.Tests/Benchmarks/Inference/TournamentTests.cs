using Microsoft.Extensions.Time.Testing;
using Trm.Cli.Benchmarks.Inference;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Reference;
using Trm.Cli.Benchmarks.Inference.Report;
using Trm.Cli.Tests.Benchmarks.Inference.Support;
using Trm.Inference;
using Trm.Tests;

namespace Trm.Cli.Tests.Benchmarks.Inference;

public sealed class TournamentTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly List<string> turns = [];
    private readonly BenchInputs inputs = new(2);

    public void Dispose() => inputs.Dispose();

    [Fact]
    public async Task Every_round_gives_every_cell_a_turn_and_who_begins_changes()
    {
        var tournament = await RunAsync(Plan(rounds: 2, batches: [1, 2]), new FakeContestant("a", 1, turns), new FakeContestant("b", 1, turns));

        Assert.Equal(["a 1x1", "b 1x1", "a 2x1", "b 2x1", "b 1x1", "a 1x1", "b 2x1", "a 2x1"], turns.Skip(turns.Count - 8));
        Assert.Equal(2, tournament.Rounds);
        Assert.All(tournament.Cells, cell => Assert.Equal(2, cell.Timings.Count));
    }

    [Fact]
    public async Task A_contestant_plays_only_with_threads_that_it_has()
    {
        var tournament = await RunAsync(Plan(threads: [1, 3]), new FakeContestant("a", 1, turns));

        Assert.Equal([1], tournament.Cells.Select(c => c.Threads));
    }

    [Fact]
    public async Task A_turn_is_filled_with_calls()
    {
        var tournament = await RunAsync(
            Plan(rounds: 1) with { Turn = TimeSpan.FromSeconds(7.5) }, new FakeContestant("second", 1, turns), new FakeContestant("hour", 3600, turns));

        Assert.Equal([7, 1], tournament.Cells.Select(c => c.Timings.Count));
    }

    [Fact]
    public async Task No_round_begins_after_the_time_is_over_but_the_first_always_runs()
    {
        var slow = new FakeContestant("a", 1, turns) { OnTurn = () => time.Advance(TimeSpan.FromSeconds(6)) };

        // The warm-up takes 6 s, each round 6 s: after the second 18 s are over.
        Assert.Equal(2, (await RunAsync(Plan(rounds: 9) with { Budget = TimeSpan.FromSeconds(15) }, slow)).Rounds);
        Assert.Equal(1, (await RunAsync(Plan(rounds: 9) with { Budget = TimeSpan.FromSeconds(1) }, slow)).Rounds);
    }

    [Fact]
    public async Task A_peer_that_dies_is_told_once_and_the_others_go_on()
    {
        var tournament = await RunAsync(Plan(rounds: 3), new FakeContestant("a", 1, turns), new FakeContestant("b", 1, turns) { DiesAt = 3 });

        Assert.Equal([3, 1], tournament.Cells.Select(c => c.Timings.Count));
        Assert.Equal(new Dropout("b", "stopped in round 2 (batch 1, 1 threads): it is dead"), Assert.Single(tournament.Dropouts));
    }

    [Fact]
    public async Task Results_are_held_against_the_yardstick_and_the_floor_of_their_batch_and_threads()
    {
        var tournament = await RunAsync(
            Plan(batches: [1, 2]),
            new FakeContestant("a", 0.5, turns), new FakeContestant(Lineup.Yardstick, 2, turns), new FakeContestant("c", 1, turns) { Format = WeightFormat.Int8 });
        var work = new ModelWork(4, 2);

        // Each multiply-add takes a second, so the floor of a prediction is their number.
        var results = CellResult.Of(tournament.Cells, work, f => f == WeightFormat.Int8 ? null : new FormatFloor(f, 4, 1, double.MaxValue));

        Assert.Equal([0.25, 1, 0.5, 0.25, 1, 0.5], results.Select(r => r.LatencyToYardstick!.Value));
        Assert.Equal([4, 1, 2, 4, 1, 2], results.Select(r => r.ThroughputToYardstick!.Value));
        Assert.Equal([0.5, 1, 0.5], results.Where(r => r.Name == "a").Select(r => r.Minimum).Append(results[3].Minimum / 2));
        Assert.Equal(0.5 / work.MultiplyAdds, results[3].ToFloor!.Value, 1e-12);
        Assert.Null(results[2].ToFloor);
        Assert.All(results, r => Assert.True(r.Error.Probability > 0.1));
    }

    [Fact]
    public async Task Without_the_yardstick_and_without_calls_there_is_nothing_to_compare()
    {
        var tournament = await RunAsync(Plan(), new FakeContestant("a", 1, turns), new FakeContestant("dead", 1, turns) { DiesAt = 1 });

        var result = Assert.Single(CellResult.Of(tournament.Cells, new ModelWork(4, 2), _ => null));

        Assert.Equal(("a", null, null, null), (result.Name, result.LatencyToYardstick, result.ThroughputToYardstick, result.ToFloor));
    }

    private async Task<Tournament> RunAsync(InferencePlan plan, params IContestant[] contestants)
    {
        var model = TrmModel.Load(Path.Combine(SharedData.RepositoryRoot, "model", "us-equities"));
        var reference = new ReferenceAnswers(new ReferenceModel(model), inputs, 2);
        var tournament = new Tournament(contestants, plan, inputs, reference, new MachineGauge(new ModelWork(2, 1)), time);
        await tournament.RunAsync(new Progress<int>(), CancellationToken.None);
        return tournament;
    }

    private static InferencePlan Plan(int rounds = 1, int[]? batches = null, int[]? threads = null) => new()
    {
        Batches = batches ?? [1],
        Threads = threads ?? [1],
        Rounds = rounds,
        Budget = TimeSpan.FromHours(1),
    };
}
