using Trm.Bench.Chaos.Cluster;
using Trm.Bench.Chaos.Silence;
using Trm.Core;

namespace Trm.Bench.Chaos.Faults;

/// <summary>Makes faults, one after the other, and brings back what they took.</summary>
internal sealed class FaultInjector(ChaosPlan plan, LocalCluster cluster, SilenceBook silences, TextWriter notes, TimeProvider time)
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(20);

    /// <summary>A silo that was declared dead meanwhile finds out by then.</summary>
    private static readonly TimeSpan Awakening = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private const int StartAttempts = 5;

    private readonly Dictionary<string, int> turns = [];

    /// <summary>Makes a fault and waits until everything is ready again.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="at">Since measuring began.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<FaultRecord> MakeAsync(FaultKind kind, TimeSpan at, CancellationToken cancellation)
    {
        var target = Target(kind);
        // By the clock too, for whoever looks it up in the nodes' logs.
        notes.WriteLine(FormattableString.Invariant($"{at.TotalSeconds,6:0.0} s  {time.GetUtcNow():HH:mm:ss.fff}Z  {kind} {target}"));
        var window = silences.Begin();
        var began = time.GetTimestamp();
        var problem = kind switch
        {
            FaultKind.Freeze => await FreezeAsync(target, cancellation).ConfigureAwait(false),
            FaultKind.Rolling => await RestartAllAsync(cancellation).ConfigureAwait(false),
            FaultKind.Postgres => await KillAsync(target, TimeSpan.Zero, cancellation).ConfigureAwait(false),
            _ => await KillAsync(target, plan.RestartAfter, cancellation).ConfigureAwait(false),
        };
        await cluster.RefreshAsync(cancellation).ConfigureAwait(false);
        return new FaultRecord(kind, target, at, time.GetElapsedTime(began), problem, window);
    }

    // Each in its turn.
    private string Target(FaultKind kind)
    {
        var (role, count) = kind switch
        {
            FaultKind.Silo or FaultKind.Freeze => ("silo", plan.Silos),
            FaultKind.Gateway => ("gateway", plan.Gateways),
            FaultKind.Postgres => ("postgres", 0),
            _ => ("all silos", 0),
        };
        if (count == 0) return role;
        var turn = turns.GetValueOrDefault(role);
        turns[role] = turn + 1;
        return $"{role}-{(turn % count) + 1}";
    }

    private async Task<string?> KillAsync(string name, TimeSpan away, CancellationToken cancellation)
    {
        var pid = cluster.PidOf(name);
        Signals.Send(pid, Signals.Kill);
        while (LinuxProcess.IsAlive(pid)) await Task.Delay(Look, time, cancellation).ConfigureAwait(false);
        await Task.Delay(away, time, cancellation).ConfigureAwait(false);
        return await StartAsync(name, cancellation).ConfigureAwait(false);
    }

    private async Task<string?> FreezeAsync(string name, CancellationToken cancellation)
    {
        var pid = cluster.PidOf(name);
        Signals.Send(pid, Signals.Stop);
        await Task.Delay(Frozen, time, cancellation).ConfigureAwait(false);
        Signals.Send(pid, Signals.Continue);
        for (var began = time.GetTimestamp(); LinuxProcess.IsAlive(pid); await Task.Delay(Look, time, cancellation).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(began) < Awakening) continue;
            notes.WriteLine($"          {name} goes on after {Frozen.TotalSeconds:0} s frozen");
            return null;
        }
        notes.WriteLine($"          {name} ended itself when it went on; starting it again");
        return await StartAsync(name, cancellation).ConfigureAwait(false);
    }

    private async Task<string?> RestartAllAsync(CancellationToken cancellation)
    {
        for (var number = 1; number <= plan.Silos; number++)
        {
            try
            {
                await cluster.Trm.RunAsync(["restart", $"silo-{number}"], cancellation).ConfigureAwait(false);
            }
            catch (TrmException error)
            {
                notes.WriteLine($"! {error.Message}");
                if (await StartAsync($"silo-{number}", cancellation).ConfigureAwait(false) is { } problem) return problem;
                return error.Message;
            }
        }
        return null;
    }

    private async Task<string?> StartAsync(string name, CancellationToken cancellation)
    {
        string? problem = null;
        for (var attempt = 1; attempt <= StartAttempts; attempt++)
        {
            try
            {
                await cluster.Trm.RunAsync(["start", name], cancellation).ConfigureAwait(false);
                return problem;
            }
            catch (TrmException error)
            {
                // That it took two starts is a fault of the cluster; that it stays away would end the run.
                problem = error.Message;
                notes.WriteLine($"! {problem}");
                await Task.Delay(Pause, time, cancellation).ConfigureAwait(false);
            }
        }
        throw new TrmException("node_lost", $"{name} does not start in {StartAttempts} attempts: {problem}");
    }
}
