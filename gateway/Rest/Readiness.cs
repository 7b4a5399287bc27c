using System.Security.Claims;
using Microsoft.Extensions.Hosting;
using Trm.Gateway.Access;

namespace Trm.Gateway.Rest;

/// <summary>Whether this process should get traffic; every route that answers it answers by this.</summary>
internal static class Readiness
{
    /// <summary>Every check of the host, and whether it is going away.</summary>
    public static async Task<IReadOnlyList<ReadyCheckBody>> CheckAsync(
        IEnumerable<IReadinessCheck> checks, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        var results = await CheckAsync(checks, cancellation);
        if (lifetime.ApplicationStopping.IsCancellationRequested) results.Add(new ReadyCheckBody("shutdown", false, "the server is going away"));
        return results;
    }

    /// <summary>Every check of the host.</summary>
    public static async Task<List<ReadyCheckBody>> CheckAsync(IEnumerable<IReadinessCheck> checks, CancellationToken cancellation)
    {
        var results = new List<ReadyCheckBody>();
        foreach (var check in checks)
        {
            var result = await check.CheckAsync(cancellation);
            results.Add(new ReadyCheckBody(check.Name, result.Ok, result.Message));
        }
        return results;
    }

    /// <summary>The results as someone may see them: what is not well names markets, so whoever may not read them learns only which check it was.</summary>
    public static IReadOnlyList<ReadyCheckBody> For(ClaimsPrincipal user, IReadOnlyList<ReadyCheckBody> results) =>
        user.HasClaim(Caller.ScopeClaim, Scopes.Read) && MarketAccess.Of(user) == MarketAccess.All ? results : [.. results.Select(r => r with { Message = null })];

    /// <summary>What is not well, for people; null when all is.</summary>
    public static string? Faults(IReadOnlyList<ReadyCheckBody> results)
    {
        var failed = results.Where(r => !r.Ok).ToArray();
        return failed.Length == 0 ? null : string.Join("; ", failed.Select(f => $"{f.Name}: {f.Message ?? "not well"}"));
    }
}
