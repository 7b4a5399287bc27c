using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Trm.Gateway.Access;

/// <summary>On every response, errors and refusals included, so it comes before all other middleware.</summary>
internal sealed class SecurityHeaders : IStartupFilter
{
    // What is served is data; the page has a policy of its own. A browser's console on any of it may still talk to this server.
    private const string NothingRuns = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static (context, next) =>
        {
            // As the response starts: an error handler clears what was set before.
            context.Response.OnStarting(Add, context.Response);
            return next(context);
        });
        next(app);
    };

    private static Task Add(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = NothingRuns;
        return Task.CompletedTask;
    }
}
