using Microsoft.AspNetCore.Http;
using Trm.Gateway.Host.Feed;
using Trm.GrainInterfaces;

namespace Trm.Gateway.Host.Hosting;

/// <summary>
/// Until the cluster has answered once, nobody here knows which markets there are: what needs them is refused with 503, and says
/// why. Later on requests are answered as far as they can be.
/// </summary>
internal sealed class ClusterGate(RequestDelegate next, ClusterFeed feed)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (!feed.HasMarkets && (path.StartsWithSegments("/ws") || path.StartsWithSegments("/api/markets") || path.StartsWithSegments("/api/trm")))
            throw new ClusterException(ClusterException.Unavailable, "the cluster has not answered yet; try again in a moment");
        return next(context);
    }
}
