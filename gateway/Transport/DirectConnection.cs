using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Transport;

/// <summary>
/// A plain TCP connection of Kestrel whose output goes straight to the socket, and which a WebSocket may keep when the request
/// that opened it has ended. What Kestrel wrote is with the kernel when its flush ends, so a frame that is sent straight to
/// the socket cannot overtake the answer to the handshake. And all that an HTTP request holds, some ten kilobytes, is free
/// again while the WebSocket lives on.
/// </summary>
/// <remarks>Under TLS or HTTP/2 a WebSocket stays within its request, and costs more.</remarks>
internal sealed class DirectConnection
{
    /// <summary>
    /// What the kernel holds for a client that does not read; it would let that grow to megabytes. 64 KiB is more than a
    /// hundred predictions, doubled by Linux for its own bookkeeping.
    /// </summary>
    private const int SendBuffer = 64 * 1024;

    private readonly ConnectionContext connection;
    private Func<Task>? session;

    private DirectConnection(ConnectionContext connection, Socket socket)
    {
        this.connection = connection;
        socket.SendBufferSize = SendBuffer;
        Output = new SocketOutput(socket, Abort);
        Input = connection.Transport.Input;
    }

    /// <summary>What the client sends; the request's until it has ended, then the session's.</summary>
    public PipeReader Input { get; }

    /// <summary>What is sent to it.</summary>
    public SocketOutput Output { get; }

    /// <summary>The client is gone.</summary>
    public CancellationToken Closed => connection.ConnectionClosed;

    /// <summary>Cuts it, if it has not ended.</summary>
    public void Abort()
    {
        try
        {
            connection.Abort();
        }
        catch (ObjectDisposedException)
        {
            // It ended while we made up our mind.
        }
    }

    /// <summary>Runs a session when the request under way has ended; the connection ends with it.</summary>
    public void Continue(Func<Task> with) => session = with;

    private async Task RunAsync(ConnectionDelegate http)
    {
        await ServeAsync(http);
        if (session is not { } then) return;
        session = null;
        await then();
    }

    private async Task ServeAsync(ConnectionDelegate http)
    {
        connection.Features.Set(this);
        using var beats = Heartbeats.Between(connection);
        var transport = connection.Transport;
        var pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool;
        var writer = PipeWriter.Create(Output, new StreamPipeWriterOptions(pool, leaveOpen: true));
        connection.Transport = new Duplex(transport.Input, writer);
        try
        {
            await http(connection);
        }
        finally
        {
            await writer.CompleteAsync();
            connection.Transport = transport;
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>
    /// Stands between Kestrel's clock and the HTTP connection, which would otherwise be held by it for as long as the socket
    /// lives.
    /// </summary>
    private sealed class Heartbeats : IConnectionHeartbeatFeature, IDisposable
    {
        private (Action<object> Action, object State)[] handlers = [];

        public static Heartbeats Between(ConnectionContext connection)
        {
            var beats = new Heartbeats();
            connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static state => ((Heartbeats)state).Beat(), beats);
            connection.Features.Set<IConnectionHeartbeatFeature>(beats);
            return beats;
        }

        public void OnHeartbeat(Action<object> action, object state) => handlers = [.. handlers, (action, state)];

        public void Dispose() => handlers = [];

        private void Beat()
        {
            foreach (var (action, state) in handlers) action(state);
        }
    }

    /// <summary>Puts every plain connection through it.</summary>
    public sealed class Setup : IConfigureOptions<KestrelServerOptions>
    {
        public void Configure(KestrelServerOptions options) =>
            options.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection =>
                connection.Features.Get<IConnectionSocketFeature>()?.Socket is { ProtocolType: ProtocolType.Tcp } socket
                    ? new DirectConnection(connection, socket).RunAsync(next)
                    : next(connection)));
    }
}
