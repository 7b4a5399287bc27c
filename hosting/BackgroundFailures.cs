using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Trm.Hosting;

/// <summary>
/// A service of the background that failed has stopped the host; that is a failure of the process too. (The host's own line about
/// it is left out: it also writes one, with a stack trace, of services that were cancelled before a start that failed got to them.)
/// </summary>
internal static class BackgroundFailures
{
    /// <summary>Throws what the first of them threw, if one did.</summary>
    public static async Task RethrowAsync(IServiceProvider services)
    {
        foreach (var service in services.GetServices<IHostedService>().OfType<BackgroundService>())
        {
            if (service.ExecuteTask is { IsFaulted: true } failed) await failed.ConfigureAwait(false);
        }
    }
}
