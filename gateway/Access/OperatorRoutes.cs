using Microsoft.AspNetCore.Builder;

namespace Trm.Gateway.Access;

/// <summary>Routes of a host that tell of the whole service, and so of every market.</summary>
public static class OperatorRoutes
{
    /// <summary>Only for callers of scope <see cref="Scopes.Operate"/> whose key is not bound to some markets.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder =>
        route.RequireAuthorization(policy => policy
            .RequireClaim(Caller.ScopeClaim, Scopes.Operate)
            .RequireAssertion(context => MarketAccess.Of(context.User) == MarketAccess.All));
}
