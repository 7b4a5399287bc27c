using System.Text.Json;
using System.Threading.Channels;

namespace Trm.Interop.Tests.Clients;

/// <summary>A client under test: one connection. What it sees comes in order; waiting too long fails the test.</summary>
internal abstract class InteropClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<ClientEvent> seen = Channel.CreateUnbounded<ClientEvent>();

    public abstract Task DoAsync(Instruction command);

    public abstract ValueTask DisposeAsync();

    public Task SendAsync(string text) => DoAsync(new Instruction("text") { Text = text });

    public Task CloseAsync(int code, string reason) => DoAsync(new Instruction("close") { Code = code, Reason = reason });

    /// <summary>What it sees next.</summary>
    public async Task<ClientEvent> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return await seen.Reader.ReadAsync(limit.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"the client saw nothing more; it said: {Complaints}", error);
        }
    }

    /// <summary>What it sees next must be of a kind.</summary>
    public async Task<ClientEvent> NextAsync(string kind)
    {
        var next = await NextAsync();
        Assert.True(next.Event == kind, $"expected {kind}, saw {next}");
        return next;
    }

    /// <summary>The next message of a type, skipping others.</summary>
    public async Task<JsonElement> MessageAsync(string type)
    {
        while (true)
        {
            var message = (await NextAsync("text")).ReadJson();
            if (message.GetProperty("type").GetString() == type) return message;
        }
    }

    /// <summary>Reads to the end of the connection.</summary>
    public async Task<ClientEvent> EndAsync()
    {
        while (true)
        {
            if (await NextAsync() is { Event: "close" } end) return end;
        }
    }

    /// <summary>What the client wrote where nobody listens, for the message of a failed test.</summary>
    protected virtual string Complaints => "nothing";

    protected void Saw(ClientEvent what) => seen.Writer.TryWrite(what);

    protected void Ended() => seen.Writer.TryComplete();
}
