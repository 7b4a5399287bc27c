using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Trm.Gateway.Rest;

internal static class ContentTypes
{
    /// <summary>
    /// Refuses a body without a type. <c>Accepts</c> refuses wrong types but lets none at all pass, which a foreign
    /// page may send without asking first (no CORS preflight).
    /// </summary>
    public static RouteHandlerBuilder RequiresContentType(this RouteHandlerBuilder route, string types) =>
        route.AddEndpointFilter(async (context, next) => string.IsNullOrEmpty(context.HttpContext.Request.ContentType)
            ? Refusal($"the request has no Content-Type; send {types}")
            : await next(context));

    /// <summary>
    /// The same promise for routes whose programs name no type (a POST without a body, the inference protocol's clients):
    /// one of the types, or none from a sender that is no page. A browser puts <c>Origin</c> on every POST of a page,
    /// and asks first before a foreign page sends one of these types.
    /// </summary>
    public static RouteHandlerBuilder RequiresContentTypeOfPages(this RouteHandlerBuilder route, params string[] types) =>
        route.AddEndpointFilter(async (context, next) =>
        {
            var request = context.HttpContext.Request;
            var wanted = string.Join(" or ", types);
            if (string.IsNullOrEmpty(request.ContentType))
                return request.Headers.ContainsKey(HeaderNames.Origin) ? Refusal($"a web page must send a Content-Type: {wanted}") : await next(context);
            return types.Contains(MediaType(request), StringComparer.OrdinalIgnoreCase)
                ? await next(context)
                : Refusal($"the Content-Type is none that this route takes; send {wanted}");
        });

    /// <summary>The type of the body without its parameters; null when there is none or it cannot be read.</summary>
    public static string? MediaType(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.Value : null;

    private static IResult Refusal(string detail) =>
        Problems.Of(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", detail);
}
