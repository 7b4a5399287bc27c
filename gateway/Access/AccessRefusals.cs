using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Trm.Gateway.Rest;

namespace Trm.Gateway.Access;

/// <summary>What a caller that is not let in is told: 401 or 403 as RFC 6750 says them, and a problem with a code as every error here.</summary>
internal sealed class AccessRefusals : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded) return next(context);
        return authorizeResult.Forbidden ? ForbidAsync(context, policy) : ChallengeAsync(context);
    }

    private static Task ForbidAsync(HttpContext context, AuthorizationPolicy policy)
    {
        var scope = policy.Requirements.OfType<ClaimsAuthorizationRequirement>().SelectMany(r => r.AllowedValues ?? []).FirstOrDefault() ?? Scopes.Read;
        var detail = context.User.HasClaim(Caller.ScopeClaim, scope)
            ? "this tells of every market, and the key sees only some"
            : $"this needs the scope '{scope}', which the key does not have";
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"trm\", error=\"insufficient_scope\", scope=\"{scope}\"";
        return Problems.Of(StatusCodes.Status403Forbidden, "insufficient_scope", detail).ExecuteAsync(context);
    }

    private static async Task ChallengeAsync(HttpContext context)
    {
        // The answer it gave before: a scheme looks once a request.
        var (code, detail) = (await context.AuthenticateAsync()).Failure switch
        {
            null => ("key_required", "this needs a key: send Authorization: Bearer trm_… (for WebSocket and event streams also ?access_token=)"),
            AccessException error => (error.Code, error.Message),
            // What exactly is wrong with a token of the identity provider is for this server's log.
            _ => ("token_invalid", "the token is not taken here: expired, or not signed by the identity provider for this service"),
        };
        context.Response.Headers.WWWAuthenticate = code == "key_required" ? "Bearer realm=\"trm\"" : "Bearer realm=\"trm\", error=\"invalid_token\"";
        await Problems.Of(StatusCodes.Status401Unauthorized, code, detail).ExecuteAsync(context);
    }
}
