namespace Trm.Tests.Node;

/// <summary>Node.js with the packages of a folder's <c>package-lock.json</c>, which npm installs there.</summary>
internal static class Npm
{
    public static string Program { get; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Installs what is not there as the lock has it.</summary>
    /// <returns>What this machine lacks, in words; null when all is there.</returns>
    public static async Task<string?> InstallAsync(string folder)
    {
        if (await Tool.RunAsync("node", ["--version"]) is null) return "no Node.js on this machine";
        if (await IsInstalledAsync(folder)) return null;
        return await Tool.RunAsync(Program, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder) switch
        {
            null => "no npm on this machine",
            { Code: not 0 } failed => $"npm could not install {Path.GetFileName(folder)}'s packages: {failed.Output.Trim().Split('\n')[0]}",
            _ => null,
        };
    }

    // What a former run left there may be older. Packages of this repository have no version of their own.
    private static async Task<bool> IsInstalledAsync(string folder) => await Tool.RunAsync("node", ["-e", """
        const { dependencies, devDependencies } = require('./package.json');
        for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
          const { version: installed } = require(`./node_modules/${name}/package.json`);
          if (installed !== version && !version.startsWith('file:')) process.exit(1);
        }
        """], folder) is { Code: 0 };
}
