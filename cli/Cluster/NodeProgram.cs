namespace Trm.Cli.Cluster;

/// <summary>What a node runs.</summary>
/// <param name="Command">The program and its first arguments.</param>
internal sealed record NodeProgram(IReadOnlyList<string> Command)
{
    /// <summary>An assembly runs under the .NET that runs this program; anything else by itself.</summary>
    public static NodeProgram Of(string path) =>
        path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? new NodeProgram([DotNet(), path]) : new NodeProgram([path]);

    private static string DotNet() =>
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet";
}
