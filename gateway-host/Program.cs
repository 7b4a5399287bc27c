using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Trm.Core;
using Trm.Gateway.Host.Hosting;
using Trm.Hosting;

namespace Trm.Gateway.Host;

internal static class Program
{
    /// <summary>Runs a gateway until it is told to stop, or with <c>health URL</c> asks one whether it is ready. Exit 0 done, 1 failed, 2 misuse; an error is one line on stderr.</summary>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            if (args is ["health", var url]) return await HealthProbe.AskAsync(url, "trm-gateway").ConfigureAwait(false);
            var configuration = ServiceConfiguration.Build(ServiceConfiguration.Parse(args));
            var app = GatewayHost.Build(configuration, GatewaySettings.Read(configuration));
            await using var _ = app.ConfigureAwait(false);
            await app.StartAsync().ConfigureAwait(false);
            await app.WaitForShutdownAsync().ConfigureAwait(false);
            await BackgroundFailures.RethrowAsync(app.Services).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0; // Told to stop before it had found the cluster.
        }
        catch (Exception error) when (error is FormatException or UsageException or OptionsValidationException || IsBadValue(error))
        {
            return Tell(error, 2);
        }
        catch (Exception error) when (error is TrmException or IOException or OrleansException or TimeoutException or DbException)
        {
            return Tell(error, 1);
        }
    }

    private static bool IsBadValue(Exception error) =>
        error is InvalidOperationException && error.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal);

    private static int Tell(Exception error, int code)
    {
        Console.Error.WriteLine($"trm-gateway: {error.Message.ReplaceLineEndings(" ")}");
        return code;
    }
}
