using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Access;

/// <summary>
/// Access as ASP.NET Core knows it: two schemes say who calls, a policy for each scope says what they may do, and
/// <see cref="VisibleFeed"/> which markets there are for them. A route that says nothing asks for <see cref="Scopes.Read"/>.
/// </summary>
internal static class AccessServices
{
    private const string Either = "Trm";

    public static void Add(IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().Configure<IConfiguration>((options, configuration) => AccessConfiguration.Apply(configuration, options)).ValidateOnStart();
        AddSchemes(services);
        AddPolicies(services);

        services.AddSingleton<ApiKeys>();
        services.AddSingleton<Seats>();
        services.AddHostedService<AccessWatch>();

        services.AddCors();
        services.AddSingleton<OriginRules>();
        services.AddSingleton<IConfigureOptions<CorsOptions>>(provider => provider.GetRequiredService<OriginRules>());
        services.AddSingleton<IStartupFilter, SecurityHeaders>();
        services.AddSingleton<IHttpContextFactory, ScrubbedContextFactory>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, ServerLimits>();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<AccessOptions>>(Believe);
    }

    /// <summary>Before the routes, and after what turns errors into answers.</summary>
    public static void Use(IApplicationBuilder app)
    {
        var access = app.ApplicationServices.GetRequiredService<IOptions<AccessOptions>>().Value;
        if (access.Jwt is not null) CheckTokens(app.ApplicationServices);
        // Without a proxy that is known there is none whose word counts.
        if (access.Proxies.Count > 0) app.UseForwardedHeaders();
        if (access.Origins.Count > 0) app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    private static void AddSchemes(IServiceCollection services)
    {
        // What AddAuthentication adds but data protection: that makes keys for cookies, which nothing here uses, in the user's home at the first start.
        services.AddAuthenticationCore().AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, SchemeConfiguration>();
        new AuthenticationBuilder(services)
            .AddPolicyScheme(Either, null, either => either.ForwardDefaultSelector = Scheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeys.Scheme, null)
            .AddJwtBearer();
        services.AddOptions<AuthenticationOptions>().Configure<IOptions<AccessOptions>>(
            (schemes, access) => schemes.DefaultScheme = access.Value.Jwt is null ? ApiKeys.Scheme : Either);
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtSetup>();
    }

    // At the start, and only where there are tokens: their libraries are large.
    private static void CheckTokens(IServiceProvider services) =>
        services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);

    private static void AddPolicies(IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All) authorization.AddPolicy(scope, policy => policy.RequireClaim(Caller.ScopeClaim, scope));
        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireClaim(Caller.ScopeClaim, Scopes.Read).Build());
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
    }

    // A key says what it is; anything else is a token.
    private static string Scheme(HttpContext context) =>
        BearerToken.Of(context.Request) is { } token && !token.StartsWith(ApiKey.Prefix, StringComparison.Ordinal)
            ? JwtBearerDefaults.AuthenticationScheme
            : ApiKeys.Scheme;

    private static void Believe(ForwardedHeadersOptions forwarded, IOptions<AccessOptions> access)
    {
        forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.ForwardLimit = null; // Back to the first address that is no proxy of ours, however many there are in between.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in access.Value.Proxies) forwarded.KnownIPNetworks.Add(network);
    }
}
