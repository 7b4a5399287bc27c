using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Scenarios.Soak;

/// <summary>
/// Clients that do whatever a seed says: come, say nonsense, stall, resume from anywhere, and go in every way there is. What
/// they do and in which order is the seed's alone; when it meets the server's answers is not.
/// </summary>
/// <param name="clients">The loop.</param>
/// <param name="epoch">Of the gateway's log.</param>
/// <param name="market">Its market.</param>
/// <param name="most">Clients at once.</param>
/// <param name="seed">What they do.</param>
internal sealed class Rabble(ClientLoop clients, Guid epoch, string market, int most, int seed) : IClientListener
{
    private readonly Random random = new(seed);
    private readonly List<Client> present = [];
    private readonly SortedDictionary<string, int> done = new(StringComparer.Ordinal);

    /// <summary>What was done how often.</summary>
    public IReadOnlyDictionary<string, int> Done => done;

    public int Count => present.Count;

    /// <summary>One of them does something.</summary>
    public void Act()
    {
        if (present.Count < most && random.Next(3) > 0) Come();
        else if (present.Count > 0) Behave(present[random.Next(present.Count)]);
    }

    /// <summary>All of them go at once.</summary>
    public void Leave()
    {
        foreach (var client in present.ToList()) clients.End(client);
    }

    public void OnOpen(Client client)
    {
        // Some speak at once, most wait for their turn.
    }

    public void OnMessage(Client client, ReadOnlySpan<byte> message)
    {
        // They do not listen.
    }

    public void OnGone(Client client, Ending ending)
    {
        present.Remove(client);
        Note($"ended: {ending}{(ending == Ending.Closed ? $" {client.CloseCode}" : "")}");
    }

    private void Come()
    {
        if (random.Next(20) == 0)
        {
            var (name, bytes) = Garbage.Handshakes[random.Next(Garbage.Handshakes.Count)];
            Note($"handshake: {name}");
            present.Add(clients.Connect(this, bytes));
            return;
        }
        // Few names for many, and those of the well-behaved among them.
        var path = FormattableString.Invariant($"/ws/{(random.Next(2) == 0 ? "rabble" : "well")}-{random.Next(20)}");
        Note("connect");
        present.Add(clients.Connect(this, path, receiveBuffer: random.Next(4) == 0 ? 2_304 : 0));
    }

    private void Behave(Client client)
    {
        switch (random.Next(10))
        {
            case 0:
                Note("reset");
                clients.End(client);
                break;
            case 1:
                Note("end without a close frame");
                clients.End(client, reset: false);
                break;
            case 2:
                Say(client, "close", ClientFrames.Close(1000));
                break;
            case 3:
                Note("stall");
                clients.SetReads(client, !client.Reads);
                break;
            case 4:
                Say(client, "resume from anywhere", Dialect.Resume(market, random.Next(5) == 0 ? Guid.Empty : epoch, random.Next(20_000)));
                break;
            case 5:
                Say(client, "subscribe", Dialect.TrmAll.Opening!);
                break;
            case 6:
                for (var i = 0; i < 150; i++) ClientLoop.Send(client, ClientFrames.Text("ping"));
                Note("150 pings at once");
                break;
            default:
                var (name, bytes) = Garbage.Frames[random.Next(Garbage.Frames.Count)];
                Say(client, name, bytes);
                break;
        }
    }

    private void Say(Client client, string name, byte[] bytes)
    {
        Note(name);
        if (client.Phase != Phase.Connecting) ClientLoop.Send(client, bytes);
    }

    private void Note(string what) => done[what] = done.GetValueOrDefault(what) + 1;
}
