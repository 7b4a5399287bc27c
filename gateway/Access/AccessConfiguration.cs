using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Access;

/// <summary>
/// Section <c>Trm:Access</c> as it was written. By hand, because the framework's binder passes over what it does not know: a
/// misspelt <c>Markets</c> of a key would open every market. A list may also be one text, as an environment variable is.
/// </summary>
internal static class AccessConfiguration
{
    private static readonly string[] Names =
    [
        nameof(AccessOptions.KeysFile), nameof(AccessOptions.Keys), nameof(AccessOptions.Jwt), nameof(AccessOptions.Origins), nameof(AccessOptions.Proxies), nameof(AccessOptions.Limits),
    ];

    private static readonly string[] KeyNames = [nameof(ApiKey.Id), nameof(ApiKey.Name), nameof(ApiKey.Hash), nameof(ApiKey.Scopes), nameof(ApiKey.Markets), nameof(ApiKey.Expires)];

    private static readonly char[] Separators = [' ', ',', ';', '\t', '\n', '\r'];

    public static void Apply(IConfiguration configuration, AccessOptions options)
    {
        var section = configuration.GetSection(AccessOptions.Section);
        RefuseUnknown(section, Names);
        options.KeysFile = section[nameof(options.KeysFile)] is { Length: > 0 } file ? file : null;
        options.Keys = [.. section.GetSection(nameof(options.Keys)).GetChildren().Select(Key)];
        options.Origins = [.. List(section.GetSection(nameof(options.Origins))).Select(o => Origin(section, o))];
        options.Proxies = [.. List(section.GetSection(nameof(options.Proxies))).Select(p => Network(section, p))];
        options.Jwt = Bound<JwtOptions>(configuration.GetSection(JwtOptions.Section));
        options.Limits = Bound<AccessLimits>(configuration.GetSection(AccessLimits.Section)) ?? new AccessLimits();
        if (AccessOptionsValidator.Faults(options) is { Count: > 0 } faults) throw Fault([.. faults]);
    }

    private static ApiKey Key(IConfigurationSection section)
    {
        RefuseUnknown(section, KeyNames);
        var id = section[nameof(ApiKey.Id)] ?? "";
        var markets = section.GetSection(nameof(ApiKey.Markets));
        var key = new ApiKey
        {
            Id = id,
            Name = section[nameof(ApiKey.Name)] ?? id,
            Hash = section[nameof(ApiKey.Hash)] ?? "",
            Scopes = List(section.GetSection(nameof(ApiKey.Scopes))),
            Markets = markets.Exists() ? List(markets) : null,
            Expires = section[nameof(ApiKey.Expires)] is { Length: > 0 } text ? Instant(section, text) : null,
        };
        return key.Fault() is { } fault ? throw Fault($"{section.Path}: {fault}") : key;
    }

    private static string[] List(IConfigurationSection section) =>
        [.. (section.Value is { } text ? [text] : section.GetChildren().Select(c => c.Value ?? "")).SelectMany(t => t.Split(Separators, StringSplitOptions.RemoveEmptyEntries))];

    private static string Origin(IConfigurationSection section, string text) => text switch
    {
        OriginRules.Any => text,
        _ when Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 =>
            uri.GetLeftPart(UriPartial.Authority),
        _ => throw Fault($"{section.Path}:{nameof(AccessOptions.Origins)}: '{text}' is no origin; write https://desk.example, or * for any"),
    };

    private static IPNetwork Network(IConfigurationSection section, string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw Fault($"{section.Path}:{nameof(AccessOptions.Proxies)}: '{text}' is no address or network; write 10.0.0.5 or 10.0.0.0/8");

    private static DateTimeOffset Instant(IConfigurationSection section, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw Fault($"{section.Path}:{nameof(ApiKey.Expires)} is '{text}'; write a time like 2027-01-31T00:00:00Z");

    private static T? Bound<T>(IConfigurationSection section) where T : class
    {
        if (!section.Exists()) return null;
        RefuseUnknown(section, [.. typeof(T).GetProperties().Select(p => p.Name)]);
        return section.Get<T>();
    }

    private static void RefuseUnknown(IConfigurationSection section, string[] names)
    {
        if (section.GetChildren().FirstOrDefault(c => !names.Contains(c.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
            throw Fault($"{unknown.Path} is not known; {section.Path} has {string.Join(", ", names)}");
    }

    private static OptionsValidationException Fault(params string[] faults) => new(AccessOptions.Section, typeof(AccessOptions), faults);
}
