using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Access;

/// <summary>Lets in who shows a key; and everyone, where none is asked for.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        if (!keys.IsRequired) return AuthenticateResult.Success(Caller.Anyone.Ticket);
        if (BearerToken.Of(Request) is not { } token) return AuthenticateResult.NoResult();
        try
        {
            return AuthenticateResult.Success(keys.Check(token).Ticket);
        }
        catch (AccessException error)
        {
            return AuthenticateResult.Fail(error);
        }
    }
}
