using Trm.Tests.Node;

namespace Trm.Interop.Tests.Clients;

/// <summary>Scripts in Node.js, with the packages of <c>node/package-lock.json</c> installed once beside the tests.</summary>
internal static class NodeJs
{
    private static readonly string Folder = Scripts.Folder("node");
    private static readonly Lazy<Task<string?>> Lack = new(() => Npm.InstallAsync(Folder));

    /// <summary>Starts a script, or skips the test with a word where Node.js or its packages cannot be had.</summary>
    public static async Task<InteropClient> StartAsync(string script)
    {
        Assert.SkipWhen(await Lack.Value is not null, await Lack.Value ?? "");
        return ProcessClient.Start("node", Path.Combine(Folder, script));
    }
}
