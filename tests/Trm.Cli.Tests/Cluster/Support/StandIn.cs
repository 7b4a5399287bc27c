using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Trm.Cli.Cluster;

namespace Trm.Cli.Tests.Cluster.Support;

/// <summary>
/// A process that answers health where a silo or a gateway would, as far as <c>trm cluster</c> can tell. A file
/// <c>not-ready</c> where it runs says why it is not ready; a file <c>stubborn</c> makes it deaf to SIGTERM.
/// </summary>
internal static class StandIn
{
    public const string Verb = "stand-in";

    // Should the tests be killed, it goes by itself.
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync()
    {
        using var end = new CancellationTokenSource(Life);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            if (!File.Exists("stubborn")) end.Cancel();
        });
        var url = Environment.GetEnvironmentVariable(ClusterKeys.OperatorUrls) ?? Environment.GetEnvironmentVariable(ClusterKeys.Urls)!;
        using var listener = new TcpListener(IPAddress.Loopback, new Uri(url).Port);
        listener.Start();
        Console.WriteLine($"listening on {url}");
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(end.Token);
                await AnswerAsync(client, end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("drained");
            return 0;
        }
    }

    // One question a connection. (HttpListener does not bear being asked while it starts.)
    private static async Task AnswerAsync(TcpClient client, CancellationToken cancellation)
    {
        try
        {
            using var reader = new StreamReader(client.GetStream());
            while (await reader.ReadLineAsync(cancellation) is { Length: > 0 })
            {
                // Whatever is asked, the answer is one.
            }
            var (status, body) = File.Exists("not-ready")
                ? ("503 Service Unavailable", $$"""{"title":"not_ready","detail":"{{await File.ReadAllTextAsync("not-ready", cancellation)}}"}""")
                : ("200 OK", """{"status":"ready"}""");
            var answer = $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer), cancellation);
        }
        catch (IOException)
        {
            // Who asked waits no longer.
        }
    }
}
