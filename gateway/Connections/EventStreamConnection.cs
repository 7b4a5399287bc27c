using Microsoft.AspNetCore.Http;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>A server-sent-events client of one market: the same outbox and rules, another writer.</summary>
internal sealed class EventStreamConnection(HttpContext context, ConnectionServices services)
    : ClientConnection(context.Connection.Id, "sse", services)
{
    public async Task RunAsync(string market, LogPlace? since, Delivery delivery)
    {
        Services.Registry.Add(this);
        try
        {
            using var gone = context.RequestAborted.Register(() => Outbox.Close(CloseReason.Gone));
            var places = since is { } place ? new Dictionary<string, LogPlace> { [market] = place } : ClientCommand.Nowhere;
            await SubscribeAsync(new SubscribeRequest([market], places, delivery, Reply: false, Id: null), context.RequestAborted);
            // A browser that loses the stream comes back after this many milliseconds, with Last-Event-ID.
            await context.Response.BodyWriter.WriteAsync("retry: 2000\n\n"u8.ToArray(), context.RequestAborted);
            await SendAsync();
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            Log.StreamLost(Services.Logger, Id);
        }
        finally
        {
            Services.Registry.Remove(this);
        }
    }

    protected override FrameFormat Format => FrameFormat.EventStream;

    protected override async ValueTask WriteAsync(ReadOnlyMemory<byte> messages)
    {
        var flush = await context.Response.BodyWriter.WriteAsync(messages, context.RequestAborted);
        // What was written is lost, and no later write would say so.
        if (flush.IsCompleted) throw new IOException("the connection is lost");
    }

    protected override void Abort() => context.Abort();
}
