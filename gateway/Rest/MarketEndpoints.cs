using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Rest;

/// <summary>Markets, their logs and totals.</summary>
internal static class MarketEndpoints
{
    private const int DefaultLimit = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var markets = routes.MapGroup("/api/markets").WithTags("Markets");
        markets.MapGet("", ListAsync).WithName("Markets").WithSummary("The markets served here and where their logs stand");
        markets.MapGet("/{market}/predictions", PredictionsAsync)
            .WithName("Predictions").WithSummary("A range of a market's predictions, in ascending sequence")
            .WithDescription("after and before are sequences, both exclusive. Without after: the newest limit predictions. With after: the oldest that follow it; next_after continues, and is null at the end. limit is 1 to 5000, default 100.")
            .Produces<PredictionPageSchema>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        markets.MapGet("/{market}/latest", LatestAsync)
            .WithName("Latest").WithSummary("A market's newest prediction")
            .Produces<PredictionSchema>().ProducesProblem(StatusCodes.Status404NotFound);
        markets.MapGet("/{market}/summary", (string market, IPredictionFeed feed, CancellationToken cancellation) => SummaryAsync(feed, market, cancellation))
            .WithName("MarketSummary").WithSummary("Totals of a market, and figures of its last 100 predictions")
            .Produces<SummarySchema>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/trm/summary", (IPredictionFeed feed, CancellationToken cancellation) => SummaryAsync(feed, null, cancellation))
            .WithTags("Markets").WithName("Summary").WithSummary("Totals over every market")
            .Produces<SummarySchema>();
    }

    private static async Task<List<MarketBody>> ListAsync(IPredictionFeed feed, CancellationToken cancellation)
    {
        var bodies = new List<MarketBody>();
        foreach (var market in feed.Markets)
        {
            var head = await feed.HeadAsync(market.Id, cancellation);
            bodies.Add(new MarketBody(market.Id, market.Name, market.Benchmark, market.Bond, market.VolatilityIndex, market.Symbols, head.Epoch, head.Sequence));
        }
        return bodies;
    }

    private static async Task<IResult> PredictionsAsync(
        string market, long? after, long? before, int? limit, IPredictionFeed feed, CancellationToken cancellation)
    {
        if (limit is < 1 or > LogQuery.MaxLimit)
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid_limit", $"limit is {limit}; it must be from 1 to {LogQuery.MaxLimit}");
        var head = await feed.HeadAsync(market, cancellation);
        var query = new LogQuery { After = after, Before = before, Limit = limit ?? DefaultLimit, Newest = after is null };
        var predictions = await feed.ReadAsync(market, query, cancellation);
        return new JsonBytes(Page(market, head, before, predictions));
    }

    private static byte[] Page(string market, LogHead head, long? before, IReadOnlyList<Prediction> predictions) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("market", market);
        json.WriteString("epoch", predictions.Count > 0 ? predictions[^1].Epoch : head.Epoch);
        json.WriteStartArray("predictions");
        foreach (var prediction in predictions) PredictionJson.WriteData(json, prediction);
        json.WriteEndArray();
        var end = Math.Min(head.Sequence, (before ?? long.MaxValue) - 1);
        if (predictions.Count > 0 && predictions[^1].Sequence < end) json.WriteNumber("next_after", predictions[^1].Sequence);
        else json.WriteNull("next_after");
        json.WriteEndObject();
    });

    private static async Task<IResult> LatestAsync(string market, IPredictionFeed feed, CancellationToken cancellation)
    {
        var head = await feed.HeadAsync(market, cancellation);
        return head.Latest is { } latest
            ? new JsonBytes(PredictionJson.Data(latest))
            : Problems.Of(StatusCodes.Status404NotFound, "no_prediction", $"market {market} has no prediction yet; the first comes with the next tick");
    }

    private static async Task<IResult> SummaryAsync(IPredictionFeed feed, string? market, CancellationToken cancellation)
    {
        var summary = await SummaryJson.ReadAsync(feed, market, cancellation);
        return new JsonBytes(JsonText.Write(json => SummaryJson.Write(json, summary)));
    }
}
