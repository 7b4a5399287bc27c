using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Trm.Core;

namespace Trm.Cli.Cluster;

/// <summary>
/// Picks ports of the loopback address that nobody listens on. They are below Linux' ephemeral range, so that no outgoing
/// connection sits on the port of a node that is down for a moment.
/// </summary>
/// <param name="taken">Ports that are given away already, listened on or not.</param>
internal sealed class FreePorts(IEnumerable<int> taken)
{
    private const int First = 15_000;
    private const int Count = 15_000;

    private readonly HashSet<int> taken = [.. taken];

    /// <summary>Where a cluster's ports begin: elsewhere for another folder, so that two that start at once do not meet.</summary>
    public static int Start(string folder) => First + BitConverter.ToUInt16(SHA256.HashData(Encoding.UTF8.GetBytes(folder))) % Count;

    /// <summary>The port wished for when it is free, else the next free one from a start on.</summary>
    /// <exception cref="TrmException">None is free.</exception>
    public int Take(int? wished, int start)
    {
        if (wished is { } port && TryTake(port)) return port;
        for (var next = start; next <= IPEndPoint.MaxPort; next++)
        {
            if (TryTake(next)) return next;
        }
        throw new TrmException("no_free_port", $"no port from {start} on is free on 127.0.0.1; choose another --port");
    }

    private bool TryTake(int port) => !taken.Contains(port) && IsFree(port) && taken.Add(port);

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
