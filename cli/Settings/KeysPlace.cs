using Microsoft.Extensions.Configuration;
using Trm.Gateway.Access;
using Trm.Hosting;

namespace Trm.Cli.Settings;

/// <summary>Which file holds the keys: the one that <c>Trm:Access:KeysFile</c> names, else <c>keys.json</c> in the data folder.</summary>
internal static class KeysPlace
{
    private const string Setting = $"{AccessOptions.Section}:{nameof(AccessOptions.KeysFile)}";

    /// <summary>The file; it need not exist.</summary>
    /// <exception cref="UsageException">The data are in a database, and no file is named.</exception>
    public static string Of(IConfiguration configuration, TrmSettings settings)
    {
        if (configuration[Setting] is { Length: > 0 } said) return said;
        return PostgresConnection.TryParse(settings.Data) is null
            ? Of(settings.Data)
            : throw new UsageException($"--data names a database, and keys are in a file; name the folder of the gateways, or the file in {Setting}");
    }

    /// <summary>The file in a data folder.</summary>
    public static string Of(string data) => Path.Combine(data, ApiKeysFile.Name);

    /// <summary>The configuration with the data folder's file, unless it names one.</summary>
    public static IConfiguration Into(IConfiguration configuration, TrmSettings settings) => new ConfigurationBuilder()
        .AddInMemoryCollection([new(Setting, Of(settings.Data))])
        .AddConfiguration(configuration)
        .Build();
}
