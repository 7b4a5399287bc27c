using System.Globalization;
using Spectre.Console;
using Trm.Cli.Cluster;

namespace Trm.Cli.Output;

/// <summary>The nodes of a cluster, one a line.</summary>
internal static class NodeTable
{
    private const int ShownOfReason = 60;

    public static void Write(IReadOnlyList<NodeStatus> nodes)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (title, right) in new[] { ("name", false), ("role", false), ("state", false), ("pid", true), ("memory", true), ("urls", false), ("ready", false) })
        {
            var column = new TableColumn(title).NoWrap();
            table.AddColumn(right ? column.RightAligned() : column);
        }
        foreach (var node in nodes)
        {
            table.AddRow(
                node.Name, Name(node.Role), Name(node.State), node.Pid?.ToString(CultureInfo.InvariantCulture) ?? "",
                node.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MB") : "",
                Markup.Escape(string.Join(' ', node.Urls)), Markup.Escape(node.Readiness.Ok ? "yes" : $"no: {Short(node.Readiness.Why!)}"));
        }
        Screen.Out.Write(table);
    }

    public static void WriteJson(NodeStatus node) => JsonOutput.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", node.Name);
        json.WriteString("role", Name(node.Role));
        json.WriteString("state", Name(node.State));
        json.WriteBoolean("ready", node.Readiness.Ok);
        json.WriteString("reason", node.Readiness.Why);
        if (node.Pid is { } pid) json.WriteNumber("pid", pid);
        else json.WriteNull("pid");
        if (node.MemoryBytes is { } bytes) json.WriteNumber("memory_bytes", bytes);
        else json.WriteNull("memory_bytes");
        json.WriteStartArray("urls");
        foreach (var url in node.Urls) json.WriteStringValue(url);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Short(string text) => text.Length <= ShownOfReason ? text : $"{text[..ShownOfReason]}…";
}
