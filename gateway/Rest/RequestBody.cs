using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Trm.Gateway.Rest;

internal static class RequestBody
{
    /// <summary>The whole body in memory, so that a slow sender holds nothing but its own buffer.</summary>
    /// <param name="request">Whose body.</param>
    /// <param name="limit">In bytes.</param>
    /// <param name="cancellation">The request's.</param>
    /// <exception cref="BadHttpRequestException">413: it is larger.</exception>
    public static async Task<MemoryStream> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limit;
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancellation);
        body.Position = 0;
        return body;
    }
}
