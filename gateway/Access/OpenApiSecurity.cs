using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Trm.Gateway.Access;

/// <summary>What OpenAPI says of access: which scope a route asks for, and how to show a key.</summary>
internal sealed class OpenApiSecurity : IOpenApiDocumentTransformer, IOpenApiOperationTransformer
{
    private const string Scheme = "key";

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.AddComponent(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "A key (trm_…, made with 'trm keys add') or a token of the configured identity provider. Where none is configured, everyone is served. WebSocket and event streams also take it as ?access_token=.",
        });
        return Task.CompletedTask;
    }

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any()) return Task.CompletedTask;
        var scope = metadata.OfType<IAuthorizeData>().Select(a => a.Policy).OfType<string>().LastOrDefault() ?? Scopes.Read;
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [scope] }];
        operation.Responses ??= [];
        operation.Responses["401"] = new OpenApiResponse { Description = "No key, or one that is not taken" };
        operation.Responses["403"] = new OpenApiResponse { Description = $"The key has not the scope '{scope}'" };
        return Task.CompletedTask;
    }
}
