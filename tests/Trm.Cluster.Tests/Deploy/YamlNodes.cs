using YamlDotNet.RepresentationModel;

namespace Trm.Cluster.Tests.Deploy;

/// <summary>Ways into a YAML node.</summary>
internal static class YamlNodes
{
    /// <summary>The node at a path of keys and indexes, like <c>spec/containers/0/image</c>; null when there is none.</summary>
    public static YamlNode? Find(this YamlNode? node, string path)
    {
        foreach (var step in path.Split('/'))
        {
            node = node switch
            {
                YamlMappingNode map => map.Children.TryGetValue(new YamlScalarNode(step), out var child) ? child : null,
                YamlSequenceNode list when int.TryParse(step, out var index) && index < list.Children.Count => list[index],
                _ => null,
            };
        }
        return node;
    }

    /// <summary>The text at a path; fails the test when there is none.</summary>
    public static string At(this YamlNode? node, string path) =>
        node.Find(path) is YamlScalarNode { Value: { } text } ? text : throw new InvalidOperationException($"there is no {path}");

    /// <summary>What a list has; empty when there is none.</summary>
    public static IEnumerable<YamlNode> Items(this YamlNode? node, string path) => node.Find(path) is YamlSequenceNode list ? list.Children : [];

    /// <summary>Keys and values of a map; empty when there is none.</summary>
    public static IEnumerable<(string Key, YamlNode Value)> Entries(this YamlNode? node, string path) =>
        node.Find(path) is YamlMappingNode map ? map.Children.Select(child => (((YamlScalarNode)child.Key).Value!, child.Value)) : [];
}
