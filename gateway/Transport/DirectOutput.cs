using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Transport;

/// <summary>
/// Lets Kestrel write to its sockets on the spot instead of through a pipe that another task empties, and hands the socket's
/// output to the WebSocket connections. What Kestrel wrote is then with the kernel when its flush ends, so that a frame sent
/// straight to the socket cannot overtake the answer to the handshake. TLS, where there is any, runs above it.
/// </summary>
internal sealed class DirectOutput : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>
    /// What the kernel holds for a client that does not read; it would let that grow to megabytes. 64 KiB is more than a
    /// hundred predictions, doubled by Linux for its own bookkeeping.
    /// </summary>
    private const int SendBuffer = 64 * 1024;

    public void Configure(KestrelServerOptions options) =>
        options.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => RunAsync(connection, next)));

    private static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { ProtocolType: ProtocolType.Tcp } socket)
        {
            await next(connection);
            return;
        }

        socket.SendBufferSize = SendBuffer;
        var output = new SocketOutput(socket, connection.Abort);
        connection.Features.Set(output);
        var transport = connection.Transport;
        var pool = connection.Features.Get<IMemoryPoolFeature>()?.MemoryPool;
        var writer = PipeWriter.Create(output, new StreamPipeWriterOptions(pool, leaveOpen: true));
        connection.Transport = new Duplex(transport.Input, writer);
        try
        {
            await next(connection);
        }
        finally
        {
            await writer.CompleteAsync();
            connection.Transport = transport;
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
