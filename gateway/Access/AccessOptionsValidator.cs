using System.Globalization;

namespace Trm.Gateway.Access;

/// <summary>What section <c>Trm:Access</c> may say.</summary>
internal static class AccessOptionsValidator
{
    public static IReadOnlyList<string> Faults(AccessOptions options)
    {
        var limits = options.Limits;
        string?[] faults =
        [
            Range(nameof(limits.Connections), limits.Connections, 1, 1_000_000),
            Range(nameof(limits.ConnectionsPerAddress), limits.ConnectionsPerAddress, 1, 1_000_000),
            Range(nameof(limits.ConnectionsPerKey), limits.ConnectionsPerKey, 1, 1_000_000),
            Range(nameof(limits.HeadersTimeout), limits.HeadersTimeout.TotalSeconds, 1, 600, " seconds"),
            Range(nameof(limits.IdleTimeout), limits.IdleTimeout.TotalSeconds, 1, 3_600, " seconds"),
            Range(nameof(limits.HeadersLimitBytes), limits.HeadersLimitBytes, 1_024, 1_048_576),
            Range(nameof(limits.BodyLimitBytes), limits.BodyLimitBytes, 1_024, 1_073_741_824),
            options.Keys.GroupBy(k => k.Id).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"{AccessOptions.Section}:Keys: key {twice.Key} is there twice" : null,
            .. options.Jwt is { } jwt ? Faults(jwt) : [],
        ];
        return [.. faults.OfType<string>()];
    }

    private static string?[] Faults(JwtOptions jwt) =>
    [
        string.IsNullOrEmpty(jwt.Audience) ? $"{JwtOptions.Section}:Audience is needed: what the tokens' aud says, so that tokens for other services are not taken" : null,
        (jwt.Authority is null) == (jwt.Jwks is null) ? $"{JwtOptions.Section} needs either Authority, the provider's address, or Jwks, a file with its public keys" : null,
        jwt.Authority is { } authority && !authority.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? $"{JwtOptions.Section}:Authority is {authority}; it must be https, or anyone on the way could sign tokens" : null,
        jwt.Jwks is not null && string.IsNullOrEmpty(jwt.Issuer) ? $"{JwtOptions.Section}:Issuer is needed with Jwks: what the tokens' iss says" : null,
        string.IsNullOrEmpty(jwt.ScopeClaim) ? $"{JwtOptions.Section}:ScopeClaim is empty; leave it out for 'scope'" : null,
    ];

    private static string? Range(string key, double value, double min, double max, string unit = "") =>
        value >= min && value <= max
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{AccessLimits.Section}:{key} is {value}{unit}; it must be from {min} to {max}{unit}");
}
