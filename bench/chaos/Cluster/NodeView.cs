using System.Text.Json;

namespace Trm.Bench.Chaos.Cluster;

/// <summary>A node as <c>trm cluster status --json</c> shows it.</summary>
/// <param name="Name"><c>silo-1</c>, <c>gateway-1</c>, <c>postgres</c>.</param>
/// <param name="Role"><c>silo</c>, <c>gateway</c>, <c>postgres</c>.</param>
/// <param name="State"><c>running</c> and others.</param>
/// <param name="IsReady">It does its work.</param>
/// <param name="Reason">Why it does not.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Urls">Where it answers.</param>
internal sealed record NodeView(string Name, string Role, string State, bool IsReady, string? Reason, int? Pid, IReadOnlyList<string> Urls)
{
    public static NodeView Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        var node = json.RootElement;
        return new NodeView(
            node.GetProperty("name").GetString()!,
            node.GetProperty("role").GetString()!,
            node.GetProperty("state").GetString()!,
            node.GetProperty("ready").GetBoolean(),
            node.GetProperty("reason").GetString(),
            node.GetProperty("pid").ValueKind == JsonValueKind.Number ? node.GetProperty("pid").GetInt32() : null,
            [.. node.GetProperty("urls").EnumerateArray().Select(u => u.GetString()!)]);
    }
}
