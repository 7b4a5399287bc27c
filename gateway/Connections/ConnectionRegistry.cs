using Microsoft.Extensions.Logging;
using Trm.Core.Telemetry;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>Every open connection, spread over the lanes. The fan-out, the heartbeat and the shutdown go through it.</summary>
internal sealed class ConnectionRegistry : IAsyncDisposable
{
    private readonly Lane[] lanes;
    private readonly TimeProvider time;
    private int next;
    private int count;
    private volatile bool draining;

    public ConnectionRegistry(TimeProvider time, ILogger<ConnectionRegistry> logger)
    {
        this.time = time;
        lanes = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Lane(logger))];
    }

    /// <summary>Open connections in all.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>The open connections of now.</summary>
    public IEnumerable<ClientConnection> Open => lanes.SelectMany(lane => lane.ToArray());

    /// <summary>Open connections of a transport.</summary>
    public int CountOf(string transport) => Open.Count(c => c.Transport == transport);

    public void Add(ClientConnection connection)
    {
        connection.Lane = lanes[(uint)Interlocked.Increment(ref next) % (uint)lanes.Length];
        connection.Lane.Add(connection);
        Interlocked.Increment(ref count);
        TrmTelemetry.Connections.Add(1, new KeyValuePair<string, object?>("transport", connection.Transport));
        // One that opens while the server goes away would otherwise be missed by the drain.
        if (draining) connection.Outbox.Close(CloseReason.Restart, ServerMessages.Shutdown(time.GetUtcNow()));
    }

    public void Remove(ClientConnection connection)
    {
        connection.Lane!.Remove(connection);
        Interlocked.Decrement(ref count);
        var transport = new KeyValuePair<string, object?>("transport", connection.Transport);
        TrmTelemetry.Connections.Add(-1, transport);
        TrmTelemetry.Disconnections.Add(1, transport, new KeyValuePair<string, object?>("reason", (connection.Outbox.Closing ?? CloseReason.Gone).Name));
    }

    /// <summary>Offers predictions to all; completes when every lane has taken them, not when they are sent.</summary>
    public async ValueTask OfferAsync(PredictionFrame[] frames)
    {
        foreach (var lane in lanes) await lane.VisitAsync(connection => connection.Offer(frames));
    }

    /// <summary>Tells those who want a market.</summary>
    public async ValueTask NotifyAsync(Frame frame, string market)
    {
        foreach (var lane in lanes) await lane.VisitAsync(connection => connection.Outbox.Notify(frame, market));
    }

    /// <summary>Tells everyone, as soon as the lanes come to it.</summary>
    public void Notify(Frame frame)
    {
        foreach (var lane in lanes) _ = lane.VisitAsync(connection => connection.Outbox.Notify(frame)).AsTask();
    }

    /// <summary>Ends the connections that are stuck.</summary>
    public void Sweep()
    {
        foreach (var connection in Open)
        {
            try
            {
                connection.Sweep();
            }
            catch (ObjectDisposedException)
            {
                // It ended while we looked.
            }
        }
    }

    /// <summary>
    /// Tells everyone that the server goes away. Each is closed with 1012 by <see cref="CloseDue"/> at a moment of its own,
    /// so that not all of them knock at the next server's door at once.
    /// </summary>
    /// <param name="window">The time over which the ends are spread.</param>
    public void Drain(TimeSpan window)
    {
        draining = true;
        var shutdown = ServerMessages.Shutdown(time.GetUtcNow());
        var now = time.GetTimestamp();
        foreach (var connection in Open)
        {
            connection.Outbox.Notify(shutdown);
            connection.CloseDueAt = now + (long)(Random.Shared.NextDouble() * window.TotalSeconds * time.TimestampFrequency);
        }
        CloseDue();
    }

    /// <summary>Closes those whose moment has come.</summary>
    public void CloseDue()
    {
        var now = time.GetTimestamp();
        foreach (var connection in Open)
        {
            if (connection.CloseDueAt <= now) connection.Outbox.Close(CloseReason.Restart);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in lanes) lane.Complete();
        await Task.WhenAll(lanes.Select(lane => lane.Completion));
    }
}
