using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Net;
using Trm.Bench.FanOut.Servers;

namespace Trm.Bench.FanOut.Scenarios;

/// <summary>A server that was started for one measurement, and its clients.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>Connects on their way at once: fewer than a server's backlog holds.</summary>
    private const int MostPending = 128;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(120);

    private readonly BenchContext context;

    public Session(Contestant contestant, BenchContext context)
    {
        this.context = context;
        Server = contestant.Start();
        Clients = new ClientLoop(Server.Address, context.Time, context.Cancellation);
    }

    public ServerProcess Server { get; }

    public ClientLoop Clients { get; }

    /// <summary>Connects clients, a few at a time, and waits until each gets everything.</summary>
    /// <param name="audience">Whom they belong to.</param>
    /// <param name="dialect">How they speak.</param>
    /// <param name="count">How many.</param>
    /// <param name="name">Their names' beginning; a number follows.</param>
    /// <exception cref="ServerException">The server did not let them all in.</exception>
    public IReadOnlyList<Client> Connect(Audience audience, Dialect dialect, int count, string name)
    {
        OpenFiles.Require(count);
        var (wanted, lost) = (audience.Ready + count, audience.Lost);
        var clients = new List<Client>(count);
        for (var i = 0; i < count; i++)
        {
            Clients.RunUntil(() => Clients.Pending < MostPending, ConnectLimit);
            clients.Add(Clients.Connect(audience, dialect.Path(FormattableString.Invariant($"{name}-{i}"))));
        }
        Clients.RunUntil(() => audience.Ready == wanted || audience.Lost > lost, ConnectLimit);
        return audience.Ready == wanted
            ? clients
            : throw new ServerException(FormattableString.Invariant($"{count - wanted + audience.Ready} of {count} clients were let in"));
    }

    /// <summary>Connects so many clients, ends them again and collects: what a server allocates once is there then.</summary>
    public void WarmUp(Dialect dialect, int count)
    {
        var audience = new Audience(dialect, context.Time);
        var clients = Connect(audience, dialect, count, "warm-up");
        Server.SetRate(20);
        Clients.RunUntil(() => audience.Received >= 20L * count, TimeSpan.FromSeconds(10));
        Server.SetRate(0);
        Clients.RunFor(TimeSpan.FromSeconds(0.5));
        foreach (var client in clients) Clients.End(client);
        Clients.RunFor(TimeSpan.FromSeconds(1));
    }

    /// <summary>The server's memory after a garbage collection.</summary>
    public Memory CollectedMemory()
    {
        _ = Server.Ask(Clients, collect: true);
        return Server.Figures.Memory;
    }

    public void Dispose()
    {
        Server.Dispose();
        Clients.Dispose();
    }
}
