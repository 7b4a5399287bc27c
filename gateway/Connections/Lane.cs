using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Trm.Gateway.Connections;

/// <summary>
/// A share of the connections, visited one after the other by one loop. There is a lane for each processor, so that the
/// writes of a prediction to thousands of clients are spread over all of them without a task for each client.
/// </summary>
internal sealed class Lane
{
    /// <summary>Visits that wait; whoever adds more waits as well.</summary>
    private const int Capacity = 16;

    private readonly Channel<Action<ClientConnection>> visits = Channel.CreateBounded<Action<ClientConnection>>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Lock gate = new();
    private readonly List<ClientConnection> members = [];
    private readonly ILogger logger;
    private ClientConnection[] round = [];
    private int roundLength;
    private bool hasChanged;

    public Lane(ILogger logger)
    {
        this.logger = logger;
        // It serves everybody, so it belongs to nobody's trace.
        using var _ = ExecutionContext.SuppressFlow();
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Ends after <see cref="Complete"/>, when all visits are over.</summary>
    public Task Completion { get; }

    public void Add(ClientConnection connection)
    {
        lock (gate)
        {
            connection.LanePlace = members.Count;
            members.Add(connection);
            hasChanged = true;
        }
    }

    public void Remove(ClientConnection connection)
    {
        lock (gate)
        {
            var last = members[^1];
            members[connection.LanePlace] = last;
            last.LanePlace = connection.LanePlace;
            members.RemoveAt(members.Count - 1);
            hasChanged = true;
        }
    }

    /// <summary>The connections of now.</summary>
    public ClientConnection[] ToArray()
    {
        lock (gate) return [.. members];
    }

    /// <summary>
    /// Does something with every connection, after what was asked before. Those that come after the visit was asked for may
    /// have it too.
    /// </summary>
    public ValueTask VisitAsync(Action<ClientConnection> visit) => visits.Writer.WriteAsync(visit);

    /// <summary>No visits come any more.</summary>
    public void Complete() => visits.Writer.TryComplete();

    private async Task RunAsync()
    {
        await foreach (var visit in visits.Reader.ReadAllAsync())
        {
            Gather();
            for (var i = 0; i < roundLength; i++) Visit(round[i], visit);
        }
    }

    private void Visit(ClientConnection connection, Action<ClientConnection> visit)
    {
        try
        {
            visit(connection);
        }
        catch (Exception error)
        {
            // One client must not end the stream of the others.
            Log.ConnectionFailed(logger, error, connection.Id, connection.Transport);
        }
    }

    // A copy, since a visit may end a connection, or last while others come.
    private void Gather()
    {
        lock (gate)
        {
            if (!hasChanged) return;
            hasChanged = false;
            if (round.Length < members.Count) round = new ClientConnection[members.Capacity];
            members.CopyTo(round);
            // Those who left are not held.
            if (roundLength > members.Count) Array.Clear(round, members.Count, roundLength - members.Count);
            roundLength = members.Count;
        }
    }
}
