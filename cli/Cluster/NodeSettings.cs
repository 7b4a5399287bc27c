using Microsoft.Extensions.Configuration;

namespace Trm.Cli.Cluster;

/// <summary>
/// What <c>trm cluster up</c> was told, as the environment of its nodes: all of section <c>Trm</c>, from wherever it was read,
/// so that a node which is started again next week, from another folder, runs as the others do.
/// </summary>
internal static class NodeSettings
{
    // Where this program looks, and what the cluster decides by itself.
    private static readonly string[] NotForNodes = ["Data", "Urls", "Cluster:Connection"];

    private static readonly string[] Paths = ["Markets", "Model", "Normalization", "Access:KeysFile", "Access:Jwt:Jwks"];

    /// <summary>The settings that were said; what was not said is the nodes' own default.</summary>
    public static IReadOnlyDictionary<string, string> Read(IConfiguration configuration) => configuration.GetSection("Trm").AsEnumerable(makePathsRelative: true)
        .Where(setting => setting.Value is not null && !Is(setting.Key, NotForNodes))
        .ToDictionary(
            setting => ClusterKeys.Prefix + setting.Key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant(),
            setting => Is(setting.Key, Paths) ? Path.GetFullPath(setting.Value!) : setting.Value!,
            StringComparer.Ordinal);

    private static bool Is(string key, string[] keys) => keys.Contains(key, StringComparer.OrdinalIgnoreCase);
}
