using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Access;

/// <summary>
/// Who may come in; configuration section <c>Trm:Access</c>. With a file of keys, keys in the configuration or an identity
/// provider, every call needs one of them; with none of these everyone is served.
/// </summary>
public sealed class AccessOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Trm:Access";

    /// <summary>The file of keys, which need not exist yet. It is looked at every second.</summary>
    public string? KeysFile { get; set; }

    /// <summary>Keys beside those of the file, for containers that get theirs by the environment.</summary>
    public IReadOnlyList<ApiKey> Keys { get; set; } = [];

    /// <summary>Tokens of an identity provider; null is none.</summary>
    public JwtOptions? Jwt { get; set; }

    /// <summary>
    /// Pages' origins that may connect and read, like <c>https://desk.example</c>, beside pages of this server itself; <c>*</c> is any.
    /// </summary>
    public IReadOnlyList<string> Origins { get; set; } = [];

    /// <summary>Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed: addresses, or networks like <c>10.0.0.0/8</c>.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; set; } = [];

    /// <summary>Limits and timeouts.</summary>
    public AccessLimits Limits { get; set; } = new();

    /// <summary>Whether a call needs a key or a token, as things are now.</summary>
    public bool IsControlled => Keys.Count > 0 || Jwt is not null || (KeysFile is not null && File.Exists(KeysFile));

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="OptionsValidationException">A value is not understood; the message names its key.</exception>
    public static AccessOptions Read(IConfiguration configuration)
    {
        var options = new AccessOptions();
        AccessConfiguration.Apply(configuration, options);
        return options;
    }
}
