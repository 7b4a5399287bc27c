using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Gateway.Access;

/// <summary>
/// The feed as one caller may see it. Endpoints take this one, so that none can forget to ask: another's market is unknown
/// here, and the error names only those that the caller may know of.
/// </summary>
internal sealed class VisibleFeed(IPredictionFeed feed, MarketAccess access) : IPredictionFeed
{
    /// <summary>How a route gets it: by naming it as a parameter.</summary>
    public static ValueTask<VisibleFeed> BindAsync(HttpContext context) => new(Of(context));

    /// <summary>For whoever makes the request.</summary>
    public static VisibleFeed Of(HttpContext context) =>
        new(context.RequestServices.GetRequiredService<IPredictionFeed>(), MarketAccess.Of(context.User));

    public IReadOnlyList<Market> Markets => access.Visible(feed.Markets);

    /// <summary>Refuses a market that is not there for the caller.</summary>
    /// <exception cref="UnknownMarketException">It is not.</exception>
    public void Require(string market)
    {
        if (!Markets.Any(m => m.Id == market)) throw new UnknownMarketException(market, Markets.Select(m => m.Id));
    }

    public ValueTask<LogHead> HeadAsync(string market, CancellationToken cancellation = default) =>
        feed.HeadAsync(Visible(market), cancellation);

    public Task<IReadOnlyList<Prediction>> ReadAsync(string market, LogQuery query, CancellationToken cancellation = default) =>
        feed.ReadAsync(Visible(market), query, cancellation);

    public Task<PredictionSummary> SummarizeAsync(string market, CancellationToken cancellation = default) =>
        feed.SummarizeAsync(Visible(market), cancellation);

    public Task<OutcomePage> ReadOutcomesAsync(string market, OutcomeQuery query, CancellationToken cancellation = default) =>
        feed.ReadOutcomesAsync(Visible(market), query, cancellation);

    /// <summary>Not through this one: a connection hears the fan-out, of the markets that it is subscribed to.</summary>
    public IDisposable Subscribe(IFeedListener listener) => throw new NotSupportedException("connections hear the feed through the fan-out");

    private string Visible(string market) =>
        access.Sees(market) ? market : throw new UnknownMarketException(market, Markets.Select(m => m.Id));
}
