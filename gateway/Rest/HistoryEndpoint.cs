using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trm.Core.Predictions;
using Trm.Gateway.Access;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Rest;

/// <summary>A market's log, page by page.</summary>
internal static class HistoryEndpoint
{
    private const int DefaultLimit = 100;

    public static void Map(IEndpointRouteBuilder markets) => markets.MapGet("/{market}/predictions", GetAsync)
        .WithName("Predictions").WithSummary("A range of a market's predictions, in ascending sequence")
        .WithDescription(
            "after and before are sequences, both exclusive. Without after: the newest limit predictions. With after: the oldest that follow it; next_after continues, and is null at the end. "
            + "limit is 1 to 5000, default 100. Link leads to the next and the previous page. "
            + "epoch says which log is meant: 410 epoch_changed when the market's log has started over since. A page of a named epoch that lies below the log's newest prediction never changes and "
            + "may be kept (immutable); any other has an ETag of epoch and range to ask again with.")
        .Produces<PredictionPageSchema>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status410Gone)
        .DescribesCaching().DescribesLinks();

    private static async Task<IResult> GetAsync(
        string market, long? after, long? before, int? limit, Guid? epoch, HttpContext context, VisibleFeed feed, CancellationToken cancellation)
    {
        if (limit is < 1 or > LogQuery.MaxLimit)
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid_limit", $"limit is {limit}; it must be from 1 to {LogQuery.MaxLimit}");
        var head = await feed.HeadAsync(market, cancellation);
        if (epoch is not null && epoch != head.Epoch) return EpochChanged(market, head.Epoch);

        var asked = new LogQuery { After = after, Before = before, Limit = limit ?? DefaultLimit, Newest = after is null };
        var range = HistoryRange.Of(head.Sequence, asked);
        // A URL without the epoch means another page once the log starts over.
        var isSettled = epoch is not null && !range.IsEmpty && range.Last < head.Sequence;
        if (HistoryLinks.Of(context.Request, head, asked, range) is { } links) context.Response.Headers.Link = links;
        if (HttpCache.ClientHas(context, State(head.Epoch, range), isSettled ? HttpCache.Forever : HttpCache.AskAgain))
            return Results.StatusCode(StatusCodes.Status304NotModified);

        var predictions = range.IsEmpty ? [] : await feed.ReadAsync(market, range.Query, cancellation);
        if (predictions.Count != range.Count || predictions.Any(p => p.Epoch != head.Epoch))
        {
            // The log started over between the two questions.
            HttpCache.Withdraw(context);
            if (epoch is not null) return EpochChanged(market, (await feed.HeadAsync(market, cancellation)).Epoch);
        }
        return new JsonBytes(Page(market, head.Epoch, range, predictions));
    }

    private static string State(Guid epoch, HistoryRange range) =>
        $"{epoch:N}-{range.First}-{range.Last}{(range.NextAfter is null ? "-end" : "")}";

    private static IResult EpochChanged(string market, Guid current) => Problems.Of(
        StatusCodes.Status410Gone, "epoch_changed", $"the log of market {market} has started over; its epoch is {current} now, and its history begins at sequence 1");

    private static byte[] Page(string market, Guid epoch, HistoryRange range, IReadOnlyList<Prediction> predictions) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("market", market);
        json.WriteString("epoch", predictions.Count > 0 ? predictions[^1].Epoch : epoch);
        json.WriteStartArray("predictions");
        foreach (var prediction in predictions) PredictionJson.WriteData(json, prediction);
        json.WriteEndArray();
        if (range.NextAfter is not null && predictions.Count > 0) json.WriteNumber("next_after", predictions[^1].Sequence);
        else json.WriteNull("next_after");
        json.WriteEndObject();
    });
}
