namespace Trm.Gateway.Access;

/// <summary>Tokens of an identity provider, beside or instead of keys; configuration section <c>Trm:Access:Jwt</c>.</summary>
public sealed class JwtOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{AccessOptions.Section}:Jwt";

    /// <summary>The provider's address; its signing keys are found from there. Or <see cref="Jwks"/>.</summary>
    public string? Authority { get; set; }

    /// <summary>A file with the provider's public signing keys (JWKS), read at start. Or <see cref="Authority"/>.</summary>
    public string? Jwks { get; set; }

    /// <summary>The token's <c>iss</c>; needed with <see cref="Jwks"/>, else the provider says it.</summary>
    public string? Issuer { get; set; }

    /// <summary>The token's <c>aud</c>; a token for another service is not taken.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim with the scopes, <c>trm.read</c>, <c>trm.push</c> and <c>trm.operate</c>, as a list or separated by spaces.</summary>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>
    /// The claim with the markets, as a list or separated by spaces; <c>*</c> is every one. When it is named here a token without
    /// it sees none; when it is not, tokens see every market.
    /// </summary>
    public string? MarketsClaim { get; set; }
}
