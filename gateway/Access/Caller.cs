using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Trm.Gateway.Access;

/// <summary>Who makes a request, as the schemes of this gateway tell it: scopes are claims, and the markets are beside them.</summary>
internal sealed class Caller : ClaimsIdentity
{
    /// <summary>The claim whose values are <see cref="Scopes"/>.</summary>
    public const string ScopeClaim = "scope";

    /// <param name="scheme">What let the caller in.</param>
    /// <param name="id">The key's id, or the token's issuer and subject: what limits count by. Null is everyone, who has no limit of its own.</param>
    /// <param name="scopes">What it may do.</param>
    /// <param name="markets">What it may see.</param>
    /// <param name="expires">When that ends; null is when the key is revoked.</param>
    public Caller(string scheme, string? id, IEnumerable<string> scopes, MarketAccess markets, DateTimeOffset? expires)
        : base(scopes.Select(s => new Claim(ScopeClaim, s)), scheme)
    {
        Id = id;
        Markets = markets;
        Expires = expires;
        Ticket = new AuthenticationTicket(new ClaimsPrincipal(this), scheme);
    }

    /// <summary>Where no key is asked for, whoever comes may do everything.</summary>
    public static Caller Anyone { get; } = new("open", null, Scopes.All, MarketAccess.All, null);

    public string? Id { get; }

    public MarketAccess Markets { get; }

    public DateTimeOffset? Expires { get; }

    /// <summary>One for all requests of a key: an open stream keeps hold of its own.</summary>
    public AuthenticationTicket Ticket { get; }

    public static Caller? Of(ClaimsPrincipal user) => user.Identity as Caller;
}
