using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trm.Gateway.Access;
using Trm.Gateway.Bars;

namespace Trm.Gateway.Rest;

/// <summary>New bars, pushed by whoever has them.</summary>
internal static class BarEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/markets/{market}/bars", PushAsync).RequireAuthorization(Scopes.Push)
            .WithTags("Bars").WithName("PushBars").WithSummary("Stores new bars; the market's next snapshot sees them")
            .WithDescription("application/json: an array of bars, or {\"bars\": [...]}; a rejected bar is named by its index from 0. text/csv: columns date,symbol,open,high,low,close,volume in any order, header required; a rejected row is named by its line from 1. Repeating a push changes nothing.")
            // Both types make a browser ask first (CORS preflight), so that no foreign page can push.
            .Accepts<BarSchema[]>("application/json", "text/csv").RequiresContentType("application/json or text/csv")
            .Produces<BarPushResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status501NotImplemented);

    private static async Task<IResult> PushAsync(
        string market, HttpRequest request, VisibleFeed feed, IServiceProvider services, IOptions<GatewayOptions> options, CancellationToken cancellation)
    {
        if (services.GetService<IBarReceiver>() is not { } receiver)
            return Problems.Of(StatusCodes.Status501NotImplemented, "no_bar_store", "this process stores no bars; push them to one that does");
        feed.Require(market);

        // Whole, so that the importer may read at its own pace and a slow sender holds no transaction open.
        using var body = await RequestBody.ReadAsync(request, options.Value.BarsLimitBytes, cancellation);
        return Results.Ok(IsCsv(request)
            ? await PushCsvAsync(receiver, market, body, cancellation)
            : await PushJsonAsync(receiver, market, body, cancellation));
    }

    private static async Task<BarPushResult> PushCsvAsync(IBarReceiver receiver, string market, MemoryStream body, CancellationToken cancellation)
    {
        using var csv = new StreamReader(body, Encoding.UTF8);
        return await receiver.PushCsvAsync(market, csv, cancellation);
    }

    private static async Task<BarPushResult> PushJsonAsync(IBarReceiver receiver, string market, MemoryStream body, CancellationToken cancellation)
    {
        using var document = await Problems.ParseAsync(body, cancellation);
        var bars = BarsJson.Read(document.RootElement);
        return bars.Complete(await receiver.PushAsync(market, bars.Bars, cancellation));
    }

    private static bool IsCsv(HttpRequest request) =>
        string.Equals(ContentTypes.MediaType(request), "text/csv", StringComparison.OrdinalIgnoreCase);
}
