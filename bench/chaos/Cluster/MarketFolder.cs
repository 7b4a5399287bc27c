using System.Text.Json.Nodes;
using Trm.Bench.Chaos.Clients;

namespace Trm.Bench.Chaos.Cluster;

/// <summary>Definitions of many markets: the shipped one under other names.</summary>
internal static class MarketFolder
{
    public static void Write(string definition, string folder, int count)
    {
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetFiles(folder, "*.json")) File.Delete(old);
        var market = JsonNode.Parse(File.ReadAllText(definition))!.AsObject();
        for (var index = 0; index < count; index++)
        {
            var name = MarketNames.Of(index);
            (market["id"], market["name"]) = (name, name);
            File.WriteAllText(Path.Combine(folder, $"{name}.json"), market.ToJsonString());
        }
    }
}
