using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Trm.Hosting;

/// <summary>Which addresses a service without access control may listen on.</summary>
internal static class BindingRules
{
    /// <summary>
    /// The names a request may call this server by. Without access control only its own: a page of another site that
    /// points its name at this machine (DNS rebinding) would otherwise read and write here as if it were ours.
    /// </summary>
    public static IEnumerable<string> AllowedHosts(string urls, bool allowAnonymous) =>
        allowAnonymous ? ["*"] : ["localhost", "127.0.0.1", "[::1]", .. Split(urls).Select(url => BindingAddress.Parse(url).Host)];

    /// <exception cref="UsageException">Not a URL to listen on, or one that other machines reach.</exception>
    public static void Check(string urls, bool allowAnonymous, IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").Exists() && !allowAnonymous)
            throw new UsageException("Kestrel:Endpoints in the configuration would listen beside --urls, unchecked; use Trm:Urls, or say --allow-anonymous");
        if (Split(urls).Length == 0) throw new UsageException("--urls is empty; name an address to listen on, like http://localhost:8000");
        foreach (var url in Split(urls))
        {
            var host = Parse(url).Host;
            if (!IsLoopback(host) && !allowAnonymous)
                throw new UsageException($"--urls {url} can be reached from other machines and nothing would ask who they are; listen on localhost, put a proxy that authenticates in front, or say --allow-anonymous");
        }
    }

    private static BindingAddress Parse(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new UsageException($"--urls {url} is not an address to listen on, like http://localhost:8000");
        }
        if (address.Scheme != "http") throw new UsageException($"--urls {url}: only http is served here; let a proxy in front of it speak {address.Scheme}");
        if (address.Port is < 0 or > 65_535) throw new UsageException($"--urls {url}: port {address.Port} is not between 0 and 65535");
        if (address.PathBase.Length > 0) throw new UsageException($"--urls {url}: an address to listen on has no path; leave {address.PathBase} out");
        return address;
    }

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
