using Trm.Tests;
using Trm.Tests.Node;

namespace Trm.Dashboard.Tests.Support;

/// <summary><c>samples/react</c>, built as its README says.</summary>
internal static class ReactSample
{
    private static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "samples", "react");
    private static readonly Lazy<Task<string?>> Lack = new(() => Npm.InstallAsync(Folder));

    /// <summary>Builds its pages into a folder, for a server; skips the test with a word where npm or its packages cannot be had.</summary>
    public static async Task BuildAsync(Uri server, string output)
    {
        Assert.SkipWhen(await Lack.Value is not null, await Lack.Value ?? "");
        var built = await Tool.RunAsync(Npm.Program, ["run", "build", "--", "--outDir", output, "--emptyOutDir"], Folder, ("VITE_TRM_SERVER", server.ToString()));
        Assert.True(built is { Code: 0 }, built?.Output);
    }
}
