using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;

namespace Trm.Gateway.Access;

/// <summary>What the framework would add to a scheme from a section of its own: nothing. <c>Trm:Access</c> says all there is.</summary>
internal sealed class SchemeConfiguration : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = new ConfigurationManager();
}
