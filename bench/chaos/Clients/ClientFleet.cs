using Trm.Bench.Chaos.Silence;
using Trm.Core;

namespace Trm.Bench.Chaos.Clients;

/// <summary>All clients.</summary>
internal sealed class ClientFleet : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private readonly ChaosClient[] clients;
    private readonly TimeProvider time;
    private Task running = Task.CompletedTask;

    public ClientFleet(ChaosPlan plan, IReadOnlyList<Uri> gateways, SilenceBook silences, FleetNotes notes, TimeProvider time)
    {
        this.time = time;
        clients = [.. Enumerable.Range(0, plan.Clients).Select(number => new ChaosClient(
            number, gateways, new ClientLedger(plan.Markets, Share(plan, number), what => notes.Fault(number, what)), silences, notes, time))];
    }

    /// <summary>What all ledgers say together.</summary>
    public LedgerCounts Counts => clients.Aggregate(default(LedgerCounts), (sum, client) => sum + client.Ledger.Counts);

    /// <summary>How many clients have something to complain of.</summary>
    public int Unclean => clients.Count(c => !c.Ledger.Counts.IsClean);

    /// <summary>Connects them, and waits until each was told where its markets stand.</summary>
    /// <exception cref="TrmException">Some are not in time.</exception>
    public async Task StartAsync(TimeSpan limit, CancellationToken cancellation)
    {
        running = Task.WhenAll(clients.Select(c => Task.Run(() => c.RunAsync(stop.Token), CancellationToken.None)));
        if (!await UntilAsync(c => c.Ledger.IsSubscribed, limit, cancellation).ConfigureAwait(false))
            throw new TrmException("clients_late", $"{clients.Count(c => !c.Ledger.IsSubscribed)} of {clients.Length} clients have no subscription after {limit.TotalSeconds:0} s; see the gateways' logs, or use fewer --clients");
    }

    /// <summary>Waits until every client has what the log has up to these sequences.</summary>
    /// <returns>Whether they all do.</returns>
    public Task<bool> HaveAsync(IReadOnlyList<long> upTo, TimeSpan limit, CancellationToken cancellation) =>
        UntilAsync(c => c.Ledger.Wanted.All(m => c.Ledger[m].HasStarted && c.Ledger[m].Last >= upTo[m]), limit, cancellation);

    /// <summary>Ends the clients, and counts what each lacks up to these sequences.</summary>
    public async Task CloseAsync(IReadOnlyList<long> upTo, SilenceBook silences)
    {
        var now = time.GetTimestamp();
        await StopAsync().ConfigureAwait(false);
        foreach (var ledger in clients.Select(c => c.Ledger))
        {
            foreach (var market in ledger.Wanted)
            {
                silences.Open(market, ledger[market].HeardAt, now);
                ledger.Close(market, upTo[market]);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task StopAsync()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    private async Task<bool> UntilAsync(Predicate<ChaosClient> isDone, TimeSpan limit, CancellationToken cancellation)
    {
        for (var began = time.GetTimestamp(); !Array.TrueForAll(clients, isDone); await Task.Delay(Look, time, cancellation).ConfigureAwait(false))
        {
            if (time.GetElapsedTime(began) >= limit) return false;
        }
        return true;
    }

    // A window over the markets that moves with the client.
    private static int[] Share(ChaosPlan plan, int number) =>
        [.. Enumerable.Range(0, plan.MarketsPerClient).Select(i => (int)(((long)number * plan.MarketsPerClient) + i) % plan.Markets).Order()];
}
