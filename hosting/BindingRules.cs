using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Trm.Hosting;

/// <summary>Which addresses a service may listen on: without access control only its own machine's.</summary>
internal static class BindingRules
{
    /// <summary>
    /// The names a request may call this server by. Without access control only its own: a page of another site that
    /// points its name at this machine (DNS rebinding) would otherwise read and write here as if it were ours.
    /// </summary>
    /// <param name="urls">What it listens on.</param>
    /// <param name="isOpenToAll">Every call needs a key, or it was said that none is needed.</param>
    public static IEnumerable<string> AllowedHosts(string urls, bool isOpenToAll) =>
        isOpenToAll ? ["*"] : ["localhost", "127.0.0.1", "[::1]", .. Addresses(urls).Select(address => address.Host)];

    /// <summary>What <c>--urls</c> names.</summary>
    /// <exception cref="UsageException">Not a URL to listen on.</exception>
    public static IEnumerable<BindingAddress> Addresses(string urls) => Split(urls).Select(Parse);

    /// <param name="urls">What to listen on.</param>
    /// <param name="isOpenToAll">Every call needs a key, or it was said that none is needed.</param>
    /// <param name="configuration">Of the run; <c>Kestrel:Certificates:Default</c> is the certificate of https.</param>
    /// <exception cref="UsageException">Not a URL to listen on, or one that other machines reach.</exception>
    public static void Check(string urls, bool isOpenToAll, IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").Exists() && !isOpenToAll)
            throw new UsageException("Kestrel:Endpoints in the configuration would listen beside --urls, unchecked; use Trm:Urls, make a key with 'trm keys add NAME', or say --allow-anonymous");
        if (Split(urls).Length == 0) throw new UsageException("--urls is empty; name an address to listen on, like http://localhost:8000");
        foreach (var url in Split(urls))
        {
            var address = Parse(url);
            if (address.Scheme == Uri.UriSchemeHttps && !configuration.GetSection(Certificate).Exists())
                throw new UsageException($"--urls {url} needs a certificate; name its file in {Certificate}:Path (and KeyPath or Password), or let a proxy in front speak https");
            if (!IsLoopback(address.Host) && !isOpenToAll)
                throw new UsageException($"--urls {url} can be reached from other machines and nothing would ask who they are; make a key with 'trm keys add NAME', listen on localhost, or say --allow-anonymous");
        }
    }

    private const string Certificate = "Kestrel:Certificates:Default";

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
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) throw new UsageException($"--urls {url}: only http and https are served here");
        if (address.Port is < 0 or > 65_535) throw new UsageException($"--urls {url}: port {address.Port} is not between 0 and 65535");
        if (address.PathBase.Length > 0) throw new UsageException($"--urls {url}: an address to listen on has no path; leave {address.PathBase} out");
        return address;
    }

    private static string[] Split(string urls) => urls.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
