using System.Net;
using Microsoft.AspNetCore.Http;

namespace Trm.Cli.Doctor;

/// <summary>Where a service that listens on an address is asked from its own machine.</summary>
internal static class ServiceAddress
{
    public static Uri Of(BindingAddress address)
    {
        var host = address.Host.Trim('[', ']');
        var isOne = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any));
        return new UriBuilder(address.Scheme, isOne ? host : "localhost", address.Port).Uri;
    }
}
