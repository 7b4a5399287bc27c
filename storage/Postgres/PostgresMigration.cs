using System.Globalization;
using System.Reflection;

namespace Trm.Storage.Postgres;

/// <summary>One step of the schema: the embedded <c>NNN-name.sql</c>. Released steps never change; a new need is a new step.</summary>
/// <param name="Version">NNN; steps go up, and may leave numbers out.</param>
/// <param name="Name">The file's name without <c>.sql</c>.</param>
/// <param name="Sql">Its text.</param>
internal sealed record PostgresMigration(int Version, string Name, string Sql)
{
    private const string Folder = "Postgres/Migrations/";

    /// <summary>All that this version knows, in order.</summary>
    public static IReadOnlyList<PostgresMigration> All { get; } = Load();

    private static List<PostgresMigration> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.Replace('\\', '/').StartsWith(Folder, StringComparison.Ordinal))
            .Select(resource => Read(assembly, resource))
            .OrderBy(step => step.Version)];
    }

    private static PostgresMigration Read(Assembly assembly, string resource)
    {
        var name = Path.GetFileNameWithoutExtension(resource[Folder.Length..]);
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new PostgresMigration(int.Parse(name.AsSpan(0, name.IndexOf('-', StringComparison.Ordinal)), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
