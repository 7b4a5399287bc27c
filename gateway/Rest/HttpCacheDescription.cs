using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Trm.Gateway.Rest;

/// <summary>What OpenAPI says of conditional requests and of links between pages.</summary>
internal static class HttpCacheDescription
{
    /// <summary>The route takes If-None-Match and may answer 304.</summary>
    public static RouteHandlerBuilder DescribesCaching(this RouteHandlerBuilder route) => route
        .Produces(StatusCodes.Status304NotModified)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "If-None-Match", In = ParameterLocation.Header, Schema = Text,
                Description = "The ETag of an answer that the client has; 304 without a body while it is current.",
            });
            Describe(operation, "200", "ETag", "Changes with the answer.");
            Describe(operation, "200", "Cache-Control", "What may be kept, by the client alone: private.");
            return Task.CompletedTask;
        });

    /// <summary>The route's pages are linked.</summary>
    public static RouteHandlerBuilder DescribesLinks(this RouteHandlerBuilder route) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        Describe(operation, "200", "Link", "RFC 8288: rel=\"next\" is the page of later sequences, rel=\"prev\" that of earlier ones, as far as there are such.");
        return Task.CompletedTask;
    });

    private static OpenApiSchema Text => new() { Type = JsonSchemaType.String };

    private static void Describe(OpenApiOperation operation, string status, string header, string description)
    {
        if (operation.Responses?.GetValueOrDefault(status) is not OpenApiResponse response) return;
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[header] = new OpenApiHeader { Description = description, Schema = Text };
    }
}
