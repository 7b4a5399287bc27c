namespace Trm.Interop.Tests.Clients;

/// <summary>Node.js with the packages of <c>node/package-lock.json</c>, which npm installs once beside the tests.</summary>
internal static class NodeJs
{
    private static readonly Lazy<Task<string?>> Lack = new(InstallAsync);

    /// <summary>Starts a script, or skips the test with a word where Node.js or its packages cannot be had.</summary>
    public static async Task<InteropClient> StartAsync(string script)
    {
        Assert.SkipWhen(await Lack.Value is not null, await Lack.Value ?? "");
        return ProcessClient.Start("node", Path.Combine(Tool.Folder("node"), script));
    }

    private static async Task<string?> InstallAsync()
    {
        var folder = Tool.Folder("node");
        if (await Tool.RunAsync("node", ["--version"]) is null) return "no Node.js on this machine";
        if (await IsInstalledAsync(folder)) return null;
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        return await Tool.RunAsync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder) switch
        {
            null => "no npm on this machine",
            { Code: not 0 } failed => $"npm could not install its clients: {failed.Output.Trim().Split('\n')[0]}",
            _ => null,
        };
    }

    // npm writes the lock it installed by into node_modules; what a former build left there may be older.
    private static async Task<bool> IsInstalledAsync(string folder) =>
        await Tool.RunAsync("node", ["-e", "for (const p of Object.entries(require('./package.json').dependencies)) if (require(`./node_modules/${p[0]}/package.json`).version !== p[1]) process.exit(1)"], folder) is { Code: 0 };
}
