using Trm.Tests;
using YamlDotNet.RepresentationModel;

namespace Trm.Cluster.Tests.Deploy;

/// <summary>A file below <c>deploy/</c>.</summary>
internal static class DeployFile
{
    public static string Root { get; } = Path.Combine(SharedData.RepositoryRoot, "deploy");

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>Every document of a YAML file.</summary>
    public static IReadOnlyList<YamlMappingNode> Documents(string file)
    {
        var yaml = new YamlStream();
        using var text = new StringReader(Text(file));
        yaml.Load(text);
        return [.. yaml.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>Every file of the folder, by its path in it.</summary>
    public static IEnumerable<string> All => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path));
}
