using System.Collections.Concurrent;
using Trm.Core.Telemetry;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>Every open connection. The fan-out, the heartbeat and the shutdown go through it.</summary>
internal sealed class ConnectionRegistry(TimeProvider time)
{
    private readonly ConcurrentDictionary<ClientConnection, bool> connections = new();
    private volatile bool draining;

    /// <summary>Open connections in all.</summary>
    public int Count => connections.Count;

    /// <summary>The open connections; safe to go through while others come and go.</summary>
    public IEnumerable<ClientConnection> Open => connections.Select(c => c.Key);

    /// <summary>Open connections of a transport.</summary>
    public int CountOf(string transport) => Open.Count(c => c.Transport == transport);

    public void Add(ClientConnection connection)
    {
        connections[connection] = true;
        TrmTelemetry.Connections.Add(1, new KeyValuePair<string, object?>("transport", connection.Transport));
        // One that opens while the server goes away would otherwise be missed by the drain.
        if (draining) SendAway(connection, ServerMessages.Shutdown(time.GetUtcNow()));
    }

    public void Remove(ClientConnection connection)
    {
        if (connections.TryRemove(connection, out _))
            TrmTelemetry.Connections.Add(-1, new KeyValuePair<string, object?>("transport", connection.Transport));
    }

    public void Offer(PredictionFrame frame)
    {
        foreach (var (connection, _) in connections) connection.Outbox.Offer(frame);
    }

    /// <summary>Tells everyone, or those who want a market.</summary>
    public void Notify(Frame frame, string? market = null)
    {
        foreach (var (connection, _) in connections) connection.Outbox.Notify(frame, market);
    }

    /// <summary>Ends the connections that are stuck.</summary>
    public void Sweep()
    {
        foreach (var (connection, _) in connections) connection.Sweep();
    }

    /// <summary>Tells everyone that the server goes away, then closes with 1012.</summary>
    public void Drain()
    {
        draining = true;
        var shutdown = ServerMessages.Shutdown(time.GetUtcNow());
        foreach (var (connection, _) in connections) SendAway(connection, shutdown);
    }

    private static void SendAway(ClientConnection connection, Frame shutdown) => connection.Outbox.Close(CloseReason.Restart, shutdown);
}
