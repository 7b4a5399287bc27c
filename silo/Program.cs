using System.Data.Common;
using Trm.Core;
using Trm.Hosting;
using Trm.Silo.Hosting;
using Trm.Silo.Settings;

namespace Trm.Silo;

internal static class Program
{
    /// <summary>Runs a silo until it is told to stop, or with <c>health URL</c> asks one whether it is ready. Exit 0 done, 1 failed, 2 misuse; an error is one line on stderr.</summary>
    public static async Task<int> Main(string[] args)
    {
        try
        {
            if (args is ["health", var url]) return await HealthProbe.AskAsync(url, "trm-silo").ConfigureAwait(false);
            var configuration = ServiceConfiguration.Build(ServiceConfiguration.Parse(args));
            var silo = await SiloHost.CreateAsync(configuration, SiloSettings.Read(configuration), CancellationToken.None).ConfigureAwait(false);
            await using var _ = silo.ConfigureAwait(false);
            await silo.RunAsync().ConfigureAwait(false);
            return 0;
        }
        catch (Exception error) when (error is FormatException or UsageException || IsBadValue(error))
        {
            return Tell(error, 2);
        }
        catch (Exception error) when (error is TrmException or IOException or UnauthorizedAccessException or OrleansException or TimeoutException or DbException)
        {
            return Tell(error, 1);
        }
    }

    private static bool IsBadValue(Exception error) =>
        error is InvalidOperationException && error.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal);

    private static int Tell(Exception error, int code)
    {
        Console.Error.WriteLine($"trm-silo: {error.Message.ReplaceLineEndings(" ")}");
        return code;
    }
}
