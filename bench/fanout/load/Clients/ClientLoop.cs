using System.Net;
using Trm.Bench.FanOut.Net;
using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Clients;

/// <summary>
/// All clients on one thread: one wait for all sockets, one buffer that all are read into, no task and no lock. The scenario
/// runs on that thread too, and lets the loop run while it waits. This file is connecting and ending; reading is beside it.
/// </summary>
internal sealed partial class ClientLoop(IPEndPoint server, TimeProvider time, CancellationToken cancellation) : IDisposable
{
    /// <summary>Clients from one address of this machine: far below the 28,000 ports it has to one server, and as few as a limit per address may allow.</summary>
    private const int ClientsPerAddress = 250;

    private const int LongestWaitMilliseconds = 20;

    private readonly Epoll epoll = new();
    private readonly List<Client?> slots = [];
    private readonly Stack<int> free = [];
    // A number is given again only after the events at hand are done: one of them may be of the client that had it.
    private readonly List<int> freed = [];
    private int numbers;

    public TimeProvider Time => time;

    public int ServerPort => server.Port;

    /// <summary>Connecting, or in the handshake.</summary>
    public int Pending { get; private set; }

    /// <summary>Begins to connect a client.</summary>
    /// <param name="listener">Whom its messages go to.</param>
    /// <param name="path">What it asks the server for.</param>
    /// <param name="receiveBuffer">Bytes that the system keeps for it unread; 0 leaves it to the system.</param>
    /// <param name="reads">False for a client that reads nothing once its handshake is done.</param>
    public Client Connect(IClientListener listener, string path, int receiveBuffer = 0, bool reads = true) =>
        Connect(listener, Upgrade.Request(path, server.Port), receiveBuffer, reads);

    /// <summary>Begins to connect a client that says something of its own in the place of a handshake.</summary>
    public Client Connect(IClientListener listener, ReadOnlyMemory<byte> hello, int receiveBuffer = 0, bool reads = true)
    {
        var client = new Client(numbers++, listener) { Hello = hello, Reads = reads };
        client.Socket = NonBlockingSocket.Connect(server, Source(client.Number), receiveBuffer);
        client.Slot = TakeSlot(client);
        Pending++;
        epoll.Add(client.Socket, Readiness.Out, client.Slot);
        return client;
    }

    /// <summary>Sends bytes as they are; what finds no room is lost, which no frame of a well-behaved client is large enough for.</summary>
    public static void Send(Client client, ReadOnlySpan<byte> bytes)
    {
        if (client.Phase != Phase.Gone) _ = NonBlockingSocket.Send(client.Socket, bytes);
    }

    /// <summary>Lets a client read again, or no more.</summary>
    public void SetReads(Client client, bool reads)
    {
        client.Reads = reads;
        if (client.Phase is Phase.Open) epoll.Change(client.Socket, reads ? Readiness.In | Readiness.PeerDone : Readiness.None, client.Slot);
    }

    /// <summary>Ends a connection: with a reset, or as a program that ends well.</summary>
    public void End(Client client, bool reset = true) => End(client, Ending.Ours, reset);

    /// <summary>Runs until something is so.</summary>
    /// <returns>False when it was not within the limit.</returns>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public bool RunUntil(Func<bool> isSo, TimeSpan limit)
    {
        var started = time.GetTimestamp();
        while (!isSo())
        {
            cancellation.ThrowIfCancellationRequested();
            var left = limit - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return false;
            RunOnce((int)Math.Min(LongestWaitMilliseconds, Math.Ceiling(left.TotalMilliseconds)));
        }
        return true;
    }

    /// <summary>Runs for a time.</summary>
    public void RunFor(TimeSpan duration) => RunUntil(static () => false, duration);

    public void Dispose()
    {
        foreach (var client in slots) if (client is not null) NonBlockingSocket.Reset(client.Socket);
        epoll.Dispose();
    }

    private void RunOnce(int milliseconds)
    {
        var count = epoll.Wait(milliseconds);
        for (var i = 0; i < count; i++)
        {
            var (ready, number) = epoll[i];
            if (slots[number] is not { } client) continue;
            if (client.Phase == Phase.Connecting) OnConnected(client);
            else OnReadable(client, ready);
        }
        foreach (var number in freed) free.Push(number);
        freed.Clear();
    }

    private void OnConnected(Client client)
    {
        if (NonBlockingSocket.TakeError(client.Socket) != 0)
        {
            End(client, Ending.Refused, reset: true);
            return;
        }
        client.Phase = Phase.Upgrading;
        epoll.Change(client.Socket, Readiness.In | Readiness.PeerDone, client.Slot);
        _ = NonBlockingSocket.Send(client.Socket, client.Hello.Span);
        client.Hello = default;
    }

    private void End(Client client, Ending ending, bool reset)
    {
        if (client.Phase == Phase.Gone) return;
        if (client.Phase is Phase.Connecting or Phase.Upgrading) Pending--;
        client.Phase = Phase.Gone;
        if (reset) NonBlockingSocket.Reset(client.Socket);
        else NonBlockingSocket.Close(client.Socket);
        slots[client.Slot] = null;
        freed.Add(client.Slot);
        client.Keep([]);
        client.Listener.OnGone(client, ending);
    }

    private int TakeSlot(Client client)
    {
        if (!free.TryPop(out var slot))
        {
            slot = slots.Count;
            slots.Add(null);
        }
        slots[slot] = client;
        return slot;
    }

    // 127.0.1.1, 127.0.1.2 and so on: all of 127/8 is this machine.
    private static IPAddress Source(int number)
    {
        var address = number / ClientsPerAddress % (254 * 254);
        return new IPAddress([127, 0, (byte)(1 + (address / 254)), (byte)(1 + (address % 254))]);
    }
}
