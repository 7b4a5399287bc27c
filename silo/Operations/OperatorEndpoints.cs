using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orleans.Dashboard;
using Trm.Core;
using Trm.Core.Predictions;
using Trm.Grains.Markets;
using Trm.Silo.Settings;

namespace Trm.Silo.Operations;

/// <summary>Is the silo alive, does it do its part, and the Orleans dashboard. None of it calls a grain.</summary>
internal static class OperatorEndpoints
{
    public static void Map(WebApplication app, SiloOptions options)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
        app.MapGet("/health/ready", ReadyAsync);
        if (options.Dashboard) app.MapOrleansDashboard("/dashboard");
    }

    private static async Task<IResult> ReadyAsync(ISiloStatusOracle silos, IPredictionLog log, IMarketBook book, CancellationToken cancellation)
    {
        if (silos.CurrentStatus != SiloStatus.Active) return NotReady($"the silo is {silos.CurrentStatus.ToString().ToLowerInvariant()}");
        try
        {
            await log.OpenAsync(book.Markets[0].Id, cancellation).ConfigureAwait(false);
        }
        catch (TrmException error)
        {
            return NotReady($"the log: {error.Code}");
        }
        return Results.Ok(new { status = "ready", silos = silos.GetApproximateSiloStatuses(onlyActive: true).Count, markets = book.Markets.Count });
    }

    private static IResult NotReady(string why) => Results.Json(new { status = "not_ready", detail = why }, statusCode: StatusCodes.Status503ServiceUnavailable);
}
