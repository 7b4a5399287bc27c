using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trm.Gateway.Access;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Rest;

/// <summary>Markets, their logs and totals.</summary>
internal static class MarketEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var markets = routes.MapGroup("/api/markets").WithTags("Markets");
        markets.MapGet("", ListAsync).WithName("Markets").WithSummary("The markets served here and where their logs stand");
        HistoryEndpoint.Map(markets);
        OutcomesEndpoint.Map(markets);
        markets.MapGet("/{market}/latest", LatestAsync)
            .WithName("Latest").WithSummary("A market's newest prediction")
            .Produces<PredictionSchema>().ProducesProblem(StatusCodes.Status404NotFound)
            .DescribesCaching();
        markets.MapGet("/{market}/summary", (string market, HttpContext context, VisibleFeed feed, CancellationToken cancellation) => SummaryAsync(context, feed, market, cancellation))
            .WithName("MarketSummary").WithSummary("Totals of a market, and figures of its last 100 predictions")
            .Produces<SummarySchema>().ProducesProblem(StatusCodes.Status404NotFound)
            .DescribesCaching();
        routes.MapGet("/api/trm/summary", (HttpContext context, VisibleFeed feed, CancellationToken cancellation) => SummaryAsync(context, feed, null, cancellation))
            .WithTags("Markets").WithName("Summary").WithSummary("Totals over every market")
            .Produces<SummarySchema>()
            .DescribesCaching();
    }

    private static async Task<List<MarketBody>> ListAsync(VisibleFeed feed, CancellationToken cancellation)
    {
        var bodies = new List<MarketBody>();
        foreach (var market in feed.Markets)
        {
            var head = await feed.HeadAsync(market.Id, cancellation);
            bodies.Add(new MarketBody(market.Id, market.Name, market.Benchmark, market.Bond, market.VolatilityIndex, market.Symbols, market.TimeZone, head.Epoch, head.Sequence));
        }
        return bodies;
    }

    private static async Task<IResult> LatestAsync(string market, HttpContext context, VisibleFeed feed, CancellationToken cancellation)
    {
        var head = await feed.HeadAsync(market, cancellation);
        if (head.Latest is not { } latest)
            return Problems.Of(StatusCodes.Status404NotFound, "no_prediction", $"market {market} has no prediction yet; the first comes with the next tick");
        return HttpCache.ClientHas(context, $"{head.Epoch:N}-{head.Sequence}", HttpCache.AskAgain)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : new JsonBytes(PredictionJson.Data(latest));
    }

    private static async Task<IResult> SummaryAsync(HttpContext context, VisibleFeed feed, string? market, CancellationToken cancellation)
    {
        // Outcomes come a moment after the prediction that they waited for, so that the log's place does not say whether it is the same.
        var summary = await SummaryJson.ReadAsync(feed, market, cancellation);
        return JsonBytes.OrNotModified(context, JsonText.Write(json => SummaryJson.Write(json, summary)));
    }
}
