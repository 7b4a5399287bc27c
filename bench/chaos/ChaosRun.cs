using Trm.Bench.Chaos.Clients;
using Trm.Bench.Chaos.Cluster;
using Trm.Bench.Chaos.Faults;
using Trm.Bench.Chaos.Reports;
using Trm.Bench.Chaos.Silence;
using Trm.Bench.Chaos.Verdicts;
using Trm.Core.Telemetry;

namespace Trm.Bench.Chaos;

/// <summary>A run from its first client to its verdict, on a cluster that is up.</summary>
internal sealed class ChaosRun(ChaosPlan plan, LocalCluster cluster, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SilenceBook silences = new(plan.Markets, time);
    private readonly FleetNotes notes = new(output);
    private readonly CpuMeter cpu = new();
    private readonly LogReader log = new(cluster.Connection);

    public async Task<ChaosReport> RunAsync(CancellationToken cancellation)
    {
        var fleet = new ClientFleet(plan, cluster.Gateways, silences, notes, time);
        await using var _ = fleet.ConfigureAwait(false);
        await fleet.StartAsync(StartLimit, cancellation).ConfigureAwait(false);
        output.WriteLine($"{plan.Clients} clients are subscribed; warming up for {plan.WarmUp.TotalSeconds:0} s");
        await Task.Delay(plan.WarmUp, time, cancellation).ConfigureAwait(false);

        var before = await LoggedAsync(cancellation).ConfigureAwait(false);
        notes.BeginMeasuring();
        var calm = silences.Begin();
        var began = time.GetTimestamp();
        var faults = await MeasureAsync(() => MakeFaultsAsync(began, cancellation)).ConfigureAwait(false);
        var measured = time.GetElapsedTime(began);
        var after = await LoggedAsync(cancellation).ConfigureAwait(false);

        output.WriteLine($"{measured.TotalSeconds,6:0.0} s  quiet; waiting until every client has what the log has");
        var (upTo, stopped) = await ChooseEndAsync(cancellation).ConfigureAwait(false);
        await fleet.HaveAsync(upTo, EndLimit, cancellation).ConfigureAwait(false);
        var gateways = await HealthAsync(cancellation).ConfigureAwait(false);
        await fleet.CloseAsync(upTo, silences).ConfigureAwait(false);
        return new ChaosReport
        {
            Plan = plan,
            Measured = measured,
            Predictions = after.Sum() - before.Sum(),
            Calm = calm,
            Faults = faults,
            Logs = await log.ReadAsync(cancellation).ConfigureAwait(false),
            Stopped = stopped,
            Clients = fleet.Counts,
            UncleanClients = fleet.Unclean,
            Notes = notes,
            SnapshotToClient = await SnapshotToClientAsync(cancellation).ConfigureAwait(false),
            Gateways = gateways,
            CpuSeconds = cpu.Seconds,
        };
    }

    // Looks at the processes all the while: what one has used is gone with it.
    private async Task<T> MeasureAsync<T>(Func<Task<T>> act)
    {
        cpu.Begin(cluster.Nodes);
        using var end = new CancellationTokenSource();
        var looking = Task.Run(
            async () =>
            {
                using var timer = new PeriodicTimer(Second, time);
                while (await timer.WaitForNextTickAsync(end.Token).ConfigureAwait(false)) cpu.Look(cluster.Nodes);
            },
            CancellationToken.None);
        try
        {
            return await act().ConfigureAwait(false);
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cpu.Look(cluster.Nodes);
        }
    }

    private async Task<IReadOnlyList<FaultRecord>> MakeFaultsAsync(long began, CancellationToken cancellation)
    {
        var injector = new FaultInjector(plan, cluster, silences, output, time);
        var made = new List<FaultRecord>();
        if (plan.Faults.Count > 0)
        {
            for (var due = plan.KillEvery; due + plan.KillEvery <= plan.Duration; due += plan.KillEvery)
            {
                await UntilAsync(due).ConfigureAwait(false);
                made.Add(await injector.MakeAsync(plan.Faults[made.Count % plan.Faults.Count], time.GetElapsedTime(began), cancellation).ConfigureAwait(false));
            }
        }
        await UntilAsync(plan.Duration).ConfigureAwait(false);
        return made;

        // One that took longer than its turn is waited for: the next comes at once.
        Task UntilAsync(TimeSpan due) => due - time.GetElapsedTime(began) is var wait && wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellation) : Task.CompletedTask;
    }

    /// <summary>The place in each log up to which nothing may be missing, once all markets are seen to go on.</summary>
    private async Task<(IReadOnlyList<long> UpTo, IReadOnlyList<string> Stopped)> ChooseEndAsync(CancellationToken cancellation)
    {
        var before = await LoggedAsync(cancellation).ConfigureAwait(false);
        for (var began = time.GetTimestamp(); ;)
        {
            await Task.Delay(Second, time, cancellation).ConfigureAwait(false);
            var now = await LoggedAsync(cancellation).ConfigureAwait(false);
            string[] stopped = [.. Enumerable.Range(0, plan.Markets).Where(m => now[m] <= before[m]).Select(MarketNames.Of)];
            if (stopped.Length == 0 || time.GetElapsedTime(began) >= EndLimit / 2) return (now, stopped);
        }
    }

    /// <summary>The last sequence of each market by index; 0 where there is none.</summary>
    private async Task<long[]> LoggedAsync(CancellationToken cancellation)
    {
        var last = await log.LastAsync(cancellation).ConfigureAwait(false);
        return [.. plan.MarketIds.Select(id => last.GetValueOrDefault(id))];
    }

    /// <summary>From the snapshot's emission, which is in the log and not on the wire, to the client: one machine, one clock.</summary>
    private async Task<LatencyHistogram> SnapshotToClientAsync(CancellationToken cancellation)
    {
        var emitted = await log.EmittedAsync(cancellation).ConfigureAwait(false);
        var latency = new LatencyHistogram();
        foreach (var receipt in notes.Receipts)
        {
            if (emitted.TryGetValue((MarketNames.Of(receipt.Market), receipt.Sequence), out var at)) latency.Record(receipt.At - at);
        }
        return latency;
    }

    private async Task<IReadOnlyList<GatewayHealth>> HealthAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        var answers = await Task.WhenAll(cluster.Gateways.Select(gateway => GatewayHealth.TryReadAsync(http, gateway, cancellation))).ConfigureAwait(false);
        return [.. answers.OfType<GatewayHealth>()];
    }
}
