using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Trm.Gateway.Access;
using Trm.Gateway.Connections;
using Trm.Gateway.Protocol;
using Trm.Gateway.Transport;

namespace Trm.Gateway.Rest;

/// <summary>The two ways to listen: WebSocket and server-sent events.</summary>
internal static class StreamEndpoints
{
    private const int ClientIdLimit = 128;

    public static void Map(IEndpointRouteBuilder routes)
    {
        // The WebSocket middleware only where it is needed, so that a host needs no line for it.
        var sockets = routes.CreateApplicationBuilder();
        sockets.Use(next => context =>
        {
            StreamUpgrade.Prepare(context, context.RequestServices.GetRequiredService<TimeProvider>());
            return next(context);
        });
        sockets.UseWebSockets();
        sockets.Run(SocketAsync);
        var socket = sockets.Build();
        routes.MapMethods("/ws/{client_id}", [HttpMethods.Connect], socket).ExcludeFromDescription(); // WebSocket over HTTP/2
        routes.MapGet("/ws/{client_id}", (string client_id, HttpContext context) => socket(context))
            .WithTags("Streams").WithName("WebSocket").WithSummary("WebSocket: every market's predictions, live; see the protocol")
            .Produces(StatusCodes.Status101SwitchingProtocols)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status426UpgradeRequired)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

        routes.MapGet("/api/markets/{market}/stream", EventsAsync)
            .WithTags("Streams").WithName("EventStream").WithSummary("Server-sent events: a market's predictions, live")
            .WithDescription("The newest prediction comes at once. Last-Event-ID (or last_event_id) resumes after that event, or a resync event says why it cannot. delivery is latest (default) or all.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task SocketAsync(HttpContext context)
    {
        if (Refuse(context) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }
        if (!context.RequestServices.GetRequiredService<Seats>().TryTake(context, out var seat, out var full))
        {
            await full.ExecuteAsync(context);
            return;
        }
        try
        {
            await AcceptAsync(context, seat);
        }
        catch
        {
            seat.Dispose();
            throw;
        }
    }

    private static async Task AcceptAsync(HttpContext context, Seat seat)
    {
        var services = context.RequestServices.GetRequiredService<ConnectionServices>();
        // The framework shakes hands; the WebSocket it makes is left alone, and must have no timer.
        var accept = new WebSocketAcceptContext { KeepAliveInterval = Timeout.InfiniteTimeSpan };
        if (services.Options.Compression)
        {
            // "Dangerous" where a secret is compressed beside what an attacker chose; predictions are neither.
            accept.DangerousEnableCompression = true;
            accept.DisableServerContextTakeover = true;
        }
        await context.WebSockets.AcceptWebSocketAsync(accept);
        var upgrade = context.Features.GetRequiredFeature<StreamUpgrade>();
        var kept = upgrade.Connection;
        var connection = new WebSocketConnection(
            ClientId(context), upgrade.CreateWebSocket(), upgrade.Stream!, upgrade.IsCompressed, kept is null ? context.Abort : kept.Abort, services, seat,
            kept?.Closed ?? context.RequestAborted);
        seat.Connection = connection;
        if (kept is null) await connection.RunAsync();
        else kept.Continue(connection.RunAsync);
    }

    private static IResult? Refuse(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest) return WebSocketRequired(context);
        if (!context.RequestServices.GetRequiredService<OriginRules>().Allows(context.Request))
            return Problems.Of(StatusCodes.Status403Forbidden, "origin_not_allowed", "pages of this origin may not connect here; Trm:Access:Origins names those that may");
        var id = ClientId(context);
        if (id.Length is 0 or > ClientIdLimit || !id.All(IsIdCharacter))
            return Problems.Of(StatusCodes.Status400BadRequest, "bad_client_id", $"the client id has {id.Length} characters; it must be 1 to {ClientIdLimit} of A-Z a-z 0-9 . _ ~ : @ -");
        return IsStopping(context) ? GoingAway() : null;
    }

    // Which versions are spoken here goes with the answer, so that a client of another can fall back (RFC 6455, section 4.4).
    private static IResult WebSocketRequired(HttpContext context)
    {
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketVersion = "13";
        return Problems.Of(
            StatusCodes.Status426UpgradeRequired, "websocket_required", "this address speaks WebSocket (version 13) only; /api/markets/{market}/stream is plain HTTP");
    }

    private static async Task<IResult> EventsAsync(string market, HttpContext context, string? last_event_id, string? delivery, VisibleFeed feed, ConnectionServices services, Seats seats)
    {
        feed.Require(market);
        if (!TryPlace(context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? last_event_id, out var since))
            return Problems.Of(StatusCodes.Status400BadRequest, "bad_last_event_id", "Last-Event-ID must be an id of this stream, <epoch>:<sequence>");
        if (!Deliveries.TryParse(delivery ?? "latest", out var chosen))
            return Problems.Of(StatusCodes.Status400BadRequest, "bad_delivery", $"delivery is '{delivery}'; it must be latest or all");
        if (!seats.TryTake(context, out var taken, out var full)) return full;
        using var seat = taken;

        // While the server goes away too: a browser comes back after an event stream that ended, and never after a 503.
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Our own rule for slow clients holds, the same as on the WebSocket.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        var connection = new EventStreamConnection(context, services);
        seat.Connection = connection;
        await connection.RunAsync(market, since, chosen);
        return Results.Empty;
    }

    private static bool TryPlace(string? text, out LogPlace? place)
    {
        place = null;
        if (string.IsNullOrEmpty(text)) return true;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !Guid.TryParse(text.AsSpan(0, colon), out var epoch)
            || !long.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
        {
            return false;
        }
        place = new LogPlace(epoch, sequence);
        return true;
    }

    private static string ClientId(HttpContext context) => context.Request.RouteValues["client_id"] as string ?? "";

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '~' or ':' or '@' or '-';

    private static bool IsStopping(HttpContext context) =>
        context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    private static IResult GoingAway() =>
        Problems.Of(StatusCodes.Status503ServiceUnavailable, "going_away", "the server is going away; connect again in a moment");
}
