using System.Text.Json;

namespace Trm.Samples.TradingService;

/// <summary>What <c>trm cluster up</c> wrote of the cluster it started on this machine: the environment of its processes.</summary>
internal static class LocalClusterFile
{
    /// <summary>The same as configuration.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Read(string path)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        return [.. file.RootElement.GetProperty("environment").EnumerateObject()
            .Select(setting => new KeyValuePair<string, string?>(setting.Name.Replace("__", ":", StringComparison.Ordinal), setting.Value.GetString()))];
    }
}
