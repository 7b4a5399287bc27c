using Trm.Core;
using Trm.Gateway.Access;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal sealed partial class WebSocketConnection
{
    /// <summary>What this client may see.</summary>
    private readonly VisibleFeed feed = new(services.Feed, seat.Caller.Markets);

    private readonly MessageBudget budget = new(services.Options.MessagesPerSecond, services.Options.MessageBurst, services.Time);

    private async Task HandleAsync(ReadOnlyMemory<byte> message, bool isText)
    {
        if (!budget.TryTake(out var isFirst))
        {
            // Said once: an answer to each would be the flood it guards against.
            if (isFirst) Reply(ErrorCodes.RateLimited, $"more than {Services.Options.MessagesPerSecond} messages a second; those above are not handled", null);
            return;
        }
        var command = isText
            ? ClientCommandParser.Parse(message)
            : new ClientCommand.Invalid(null, ErrorCodes.BadJson, "binary messages are not understood; send JSON as text");
        try
        {
            await HandleAsync(command);
        }
        catch (TrmException error)
        {
            Reply(error.Code, error.PublicMessage, command.Id);
        }
        catch (Exception error) when (!IsGone(error))
        {
            Log.CommandFailed(Services.Logger, error, Id, command.GetType().Name);
            Reply(ErrorCodes.Internal, "the request could not be handled; try again", command.Id);
        }
    }

    private async Task HandleAsync(ClientCommand command)
    {
        switch (command)
        {
            case ClientCommand.TextPing:
                Outbox.Reply(ServerMessages.TextPong);
                break;
            case ClientCommand.Ping:
                Outbox.Reply(ServerMessages.Pong(Services.Time.GetUtcNow(), command.Id));
                break;
            case ClientCommand.Subscribe subscribe:
                await SubscribeAsync(new SubscribeRequest(Known(subscribe.Markets), subscribe.Since, subscribe.Delivery, Reply: true, command.Id), gone);
                break;
            case ClientCommand.Unsubscribe unsubscribe:
                var markets = Known(unsubscribe.Markets);
                Outbox.Unsubscribe(markets, ServerMessages.Unsubscribed(markets, command.Id));
                break;
            case ClientCommand.Summary summary:
                Outbox.Reply(ServerMessages.Summary(await SummaryJson.ReadAsync(feed, summary.Market, gone), command.Id));
                break;
            case ClientCommand.Invalid invalid:
                Reply(invalid.Code, invalid.Message, invalid.Id);
                break;
        }
    }

    /// <summary>All or nothing: with one unknown market none of the list is applied.</summary>
    private IReadOnlyList<string> Known(IReadOnlyList<string>? markets)
    {
        if (markets is null) return [.. feed.Markets.Select(m => m.Id)];
        foreach (var market in markets) feed.Require(market);
        return markets;
    }

    private void Reply(string code, string message, string? id) => Outbox.Reply(ServerMessages.Error(code, message, id));
}
