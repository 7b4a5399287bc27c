using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Trm.Gateway.Rest;

internal static class ContentTypes
{
    /// <summary>
    /// Refuses a body without a type. <c>Accepts</c> refuses wrong types but lets none at all pass, which a foreign
    /// page may send without asking first (no CORS preflight).
    /// </summary>
    public static RouteHandlerBuilder RequiresContentType(this RouteHandlerBuilder route, string types) =>
        route.AddEndpointFilter(async (context, next) => string.IsNullOrEmpty(context.HttpContext.Request.ContentType)
            ? Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"the request has no Content-Type; send {types}")
            : await next(context));
}
