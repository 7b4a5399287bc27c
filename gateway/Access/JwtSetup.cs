using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Trm.Gateway.Access;

/// <summary>Tokens of an identity provider: what they must be, and what their claims allow here.</summary>
internal sealed class JwtSetup(IOptions<AccessOptions> access) : IConfigureNamedOptions<JwtBearerOptions>
{
    private const string ScopePrefix = "trm.";
    private const string EveryMarket = "*";

    // Signatures that the provider's public key checks. With the others whoever can check a token can also make one.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public void Configure(JwtBearerOptions options) => Configure(JwtBearerDefaults.AuthenticationScheme, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name != JwtBearerDefaults.AuthenticationScheme || access.Value.Jwt is not { } jwt) return;
        options.Authority = jwt.Authority;
        options.MapInboundClaims = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = jwt.Audience,
            ValidIssuer = jwt.Issuer,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromMinutes(1),
            IssuerSigningKeys = jwt.Jwks is { } file ? SigningKeys(file) : null,
        };
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                context.Principal = CallerOf(context.Principal!, context.SecurityToken, jwt).Ticket.Principal;
                return Task.CompletedTask;
            },
        };
    }

    private static Caller CallerOf(ClaimsPrincipal principal, SecurityToken token, JwtOptions jwt) => new(
        JwtBearerDefaults.AuthenticationScheme,
        $"{token.Issuer} {principal.FindFirstValue("sub") ?? token.Id}",
        Words(principal, jwt.ScopeClaim).Where(w => w.StartsWith(ScopePrefix, StringComparison.Ordinal)).Select(w => w[ScopePrefix.Length..]),
        jwt.MarketsClaim is not { } claim ? MarketAccess.All : Markets([.. Words(principal, claim)]),
        new DateTimeOffset(token.ValidTo, TimeSpan.Zero));

    private static MarketAccess Markets(string[] ids) => ids.Contains(EveryMarket) ? MarketAccess.All : MarketAccess.To(ids);

    // A list is a claim for each of its elements.
    private static IEnumerable<string> Words(ClaimsPrincipal principal, string claim) =>
        principal.FindAll(claim).SelectMany(c => c.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static IList<SecurityKey> SigningKeys(string file)
    {
        try
        {
            var keys = new JsonWebKeySet(File.ReadAllText(file)).GetSigningKeys();
            return keys.Count > 0 ? keys : throw new ArgumentException("it holds no signing key");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new AccessException("bad_jwks", $"{JwtOptions.Section}:Jwks {file} cannot be used ({error.Message}); it must be the identity provider's JWKS", error);
        }
    }
}
