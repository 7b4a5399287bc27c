using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trm.Core.Outcomes;
using Trm.Gateway.Access;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Rest;

/// <summary>What came of a market's predictions.</summary>
internal static class OutcomesEndpoint
{
    public static void Map(IEndpointRouteBuilder markets) => markets.MapGet("/{market}/outcomes", GetAsync)
        .WithName("Outcomes").WithSummary("What came of a market's predictions, by session, and how good each model was of late")
        .WithDescription(
            "A session is judged when its horizon is over by the market's own clock: a replay does not know its future. One entry for each session and model: the last prediction that the model made of it. "
            + "after and before are sessions (yyyy-MM-dd), both exclusive; without after: the newest limit sessions. limit is 1 to 5000, default 500. model is a model_version. "
            + "statistics are of each model's newest 63 sessions, whatever the range. A simulated market has no outcomes, and says so in reason.")
        .Produces<OutcomePageSchema>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
        .DescribesCaching();

    private static async Task<IResult> GetAsync(
        string market, string? after, string? before, int? limit, string? model, HttpContext context, VisibleFeed feed, CancellationToken cancellation)
    {
        if (limit is < 1 or > OutcomeQuery.MaxLimit)
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid_limit", $"limit is {limit}; it must be from 1 to {OutcomeQuery.MaxLimit}");
        if (!TryRead(after, out var from)) return BadDate("after", after);
        if (!TryRead(before, out var to)) return BadDate("before", before);
        var query = new OutcomeQuery { After = from, Before = to, ModelVersion = model };
        if (limit is { } given) query = query with { Limit = given };
        return JsonBytes.OrNotModified(context, OutcomeJson.Page(market, await feed.ReadOutcomesAsync(market, query, cancellation)));
    }

    private static bool TryRead(string? text, out DateOnly? session)
    {
        session = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
        return text is null || session is not null;
    }

    private static IResult BadDate(string name, string? value) =>
        Problems.Of(StatusCodes.Status400BadRequest, "invalid_date", $"{name} is '{value}'; it must be a session like 2020-01-31");
}
