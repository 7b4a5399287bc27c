using System.Net;
using System.Net.Sockets;
using System.Text;
using Trm.Bench.FanOut.Clients;

namespace Trm.Bench.FanOut.Tests.Clients;

/// <summary>The loop against a server whose every byte the test says.</summary>
public sealed class ClientLoopTests : IDisposable
{
    private const string Agreed = "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Recorder recorder = new();
    private readonly ClientLoop loop;

    public ClientLoopTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the load generator is made of Linux's own calls");
        listener.Start();
        loop = new ClientLoop((IPEndPoint)listener.LocalEndpoint, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        loop?.Dispose();
        listener.Dispose();
    }

    [Fact]
    public void Frames_are_put_together_however_they_come_in()
    {
        var (_, server) = Open();
        byte[] stream = [.. Frame(0x81, "first"), .. Frame(0x81, new string('x', 200)), .. Frame(0x81, "last")];
        foreach (var one in stream)
        {
            server.Send([one]);
            loop.RunFor(TimeSpan.FromMilliseconds(1));
        }
        Until(() => recorder.Messages.Count == 3);
        Assert.Equal(["first", new string('x', 200), "last"], recorder.Messages);
    }

    [Fact]
    public void Frames_behind_the_handshake_and_behind_each_other_are_all_taken()
    {
        var (_, server) = Connect();
        server.Send([.. Encoding.ASCII.GetBytes(Agreed), .. Enumerable.Range(0, 1_000).SelectMany(i => Frame(0x81, $"message {i}"))]);
        Until(() => recorder.Messages.Count == 1_000);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"message {i}"), recorder.Messages);
    }

    [Fact]
    public void A_message_in_fragments_is_one_and_a_ping_may_come_between()
    {
        var (_, server) = Open();
        server.Send([.. Frame(0x01, "one "), .. Frame(0x89, "?"), .. Frame(0x00, "mes"), .. Frame(0x80, "sage")]);
        Until(() => recorder.Messages.Count == 1);

        Assert.Equal(["one message"], recorder.Messages);
        var pong = new byte[7];
        Assert.Equal(7, server.Receive(pong));
        Assert.Equal((0x8A, 0x81), (pong[0], pong[1]));
        Assert.Equal((byte)'?', pong[6] ^ pong[2]);
    }

    [Fact]
    public void A_close_frame_ends_it_and_its_code_is_known()
    {
        var (client, server) = Open();
        server.Send([0x88, 2, 4008 >> 8, 4008 & 0xFF]);
        Until(() => client.Phase == Phase.Gone);

        Assert.Equal((Ending.Closed, 4008), (Assert.Single(recorder.Endings), client.CloseCode));
    }

    [Fact]
    public void A_connection_that_is_cut_is_told_from_one_that_the_bench_ended()
    {
        var (cut, server) = Open();
        server.Close();
        Until(() => cut.Phase == Phase.Gone);
        var (ended, _) = Open();
        loop.End(ended);

        Assert.Equal([Ending.Cut, Ending.Ours], recorder.Endings);
    }

    [Fact]
    public void A_server_that_does_not_let_it_in_refuses_it()
    {
        var (client, server) = Connect();
        server.Send(Encoding.ASCII.GetBytes("HTTP/1.1 503 Service Unavailable\r\n\r\n"));
        Until(() => client.Phase == Phase.Gone);

        Assert.Equal([Ending.Refused], recorder.Endings);
        Assert.Equal(0, loop.Pending);
    }

    [Fact]
    public void What_no_server_may_send_ends_it()
    {
        var (client, server) = Open();
        server.Send([0x83, 0]);
        Until(() => client.Phase == Phase.Gone);

        Assert.Equal([Ending.BadFrame], recorder.Endings);
    }

    [Fact]
    public void A_stalled_client_reads_nothing_and_finds_all_of_it_when_it_reads_again()
    {
        var (client, server) = Open(reads: false);
        server.Send([.. Frame(0x81, "waits"), 0x88, 2, 4008 >> 8, 4008 & 0xFF]);
        for (var i = 0; i < 10; i++) loop.RunFor(TimeSpan.FromMilliseconds(1));
        Assert.Empty(recorder.Messages);
        Assert.Equal(Phase.Open, client.Phase);

        loop.SetReads(client, true);
        Until(() => client.Phase == Phase.Gone);
        Assert.Equal(["waits"], recorder.Messages);
        Assert.Equal(4008, client.CloseCode);
    }

    [Fact]
    public void Clients_come_from_several_addresses()
    {
        for (var i = 0; i < 251; i++) loop.Connect(recorder, "/ws/x");
        var sources = Enumerable.Range(0, 251).Select(_ => ((IPEndPoint)listener.AcceptSocket().RemoteEndPoint!).Address).Distinct();
        Assert.Equal(["127.0.1.1", "127.0.1.2"], sources.Select(a => a.ToString()).Order());
    }

    private (Client Client, Socket Server) Open(bool reads = true)
    {
        var (client, server) = Connect(reads);
        server.Send(Encoding.ASCII.GetBytes(Agreed));
        Until(() => client.Phase == Phase.Open);
        return (client, server);
    }

    private (Client Client, Socket Server) Connect(bool reads = true)
    {
        var client = loop.Connect(recorder, "/ws/x", reads: reads);
        var server = listener.AcceptSocket();
        server.NoDelay = true;
        Until(() => client.Phase == Phase.Upgrading);
        var request = new byte[1_024];
        Assert.StartsWith("GET /ws/x HTTP/1.1\r\n", Encoding.ASCII.GetString(request, 0, server.Receive(request)), StringComparison.Ordinal);
        return (client, server);
    }

    private void Until(Func<bool> isSo) => Assert.True(loop.RunUntil(isSo, Limit));

    private static byte[] Frame(byte first, string text) => text.Length < 126
        ? [first, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)]
        : [first, 126, (byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private sealed class Recorder : IClientListener
    {
        public List<string> Messages { get; } = [];

        public List<Ending> Endings { get; } = [];

        public void OnOpen(Client client)
        {
            // It says nothing.
        }

        public void OnMessage(Client client, ReadOnlySpan<byte> message) => Messages.Add(Encoding.ASCII.GetString(message));

        public void OnGone(Client client, Ending ending) => Endings.Add(ending);
    }
}
