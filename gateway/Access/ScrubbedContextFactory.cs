using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Trm.Gateway.Access;

/// <summary>
/// Takes keys out of addresses before anything sees them: the host writes each request's address to the log before the first
/// middleware runs, so a middleware would be too late.
/// </summary>
internal sealed class ScrubbedContextFactory(IServiceProvider services) : IHttpContextFactory
{
    private readonly DefaultHttpContextFactory inner = new(services);

    public HttpContext Create(IFeatureCollection featureCollection)
    {
        BearerToken.TakeFromQuery(featureCollection.GetRequiredFeature<IHttpRequestFeature>());
        return inner.Create(featureCollection);
    }

    public void Dispose(HttpContext httpContext) => inner.Dispose(httpContext);
}
