using System.Reflection;
using Trm.Gateway.Rest;

namespace Trm.Gateway.Dashboard;

/// <summary>The files of the page at <c>/</c>, as the build embedded them (<c>eng/Dashboard.targets</c>).</summary>
internal sealed class DashboardAssets
{
    private static readonly Assembly Assembly = typeof(DashboardAssets).Assembly;

    /// <param name="all">The page's files; <c>index.html</c> is one of them.</param>
    public DashboardAssets(IReadOnlyList<Asset> all) => All = all;

    public IReadOnlyList<Asset> All { get; }

    /// <summary>What says why there is no dashboard, and what to do.</summary>
    public static DashboardAssets Plain => new(Embedded("plain/"));

    /// <summary>The dashboard, or the plain page where this was built without it.</summary>
    public static DashboardAssets Built => Embedded("dashboard/") is { Count: > 0 } dashboard ? new(dashboard) : Plain;

    private static List<Asset> Embedded(string folder)
    {
        var names = Assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var files = names.Where(n => !(Path.GetExtension(n) is ".br" or ".gz" && names.Contains(Path.ChangeExtension(n, null)))).Order(StringComparer.Ordinal);
        return [.. files.Select(file => new Asset(file[folder.Length..], Codings(file, names)))];
    }

    private static Dictionary<string, byte[]> Codings(string file, HashSet<string> names)
    {
        var codings = new Dictionary<string, byte[]> { [ContentCoding.Identity] = Read(file) };
        if (names.Contains($"{file}.br")) codings[ContentCoding.Brotli] = Read($"{file}.br");
        if (names.Contains($"{file}.gz")) codings[ContentCoding.Gzip] = Read($"{file}.gz");
        return codings;
    }

    private static byte[] Read(string name)
    {
        using var resource = Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
