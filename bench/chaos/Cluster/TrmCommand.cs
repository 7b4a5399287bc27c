using System.Diagnostics;
using Trm.Core;

namespace Trm.Bench.Chaos.Cluster;

/// <summary><c>./trm cluster …</c> of this checkout, as an operator would call it.</summary>
/// <param name="launcher">The file <c>trm</c>.</param>
/// <param name="data">The cluster's data folder.</param>
internal sealed class TrmCommand(string launcher, string data)
{
    /// <summary>The launcher of the checkout that this program was built in.</summary>
    /// <exception cref="TrmException">There is none above this program.</exception>
    public static string FindLauncher()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var launcher = Path.Combine(folder.FullName, "trm");
            if (File.Exists(launcher)) return launcher;
        }
        throw new TrmException("no_launcher", "the launcher 'trm' is in no folder above this program; run it from a checkout, or name it with --trm");
    }

    /// <summary>Runs a verb of <c>trm cluster</c>.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="TrmException">It failed; the message ends with what it said last.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(launcher) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["cluster", .. arguments, "--data", data]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        if (process.ExitCode == 0) return await output.ConfigureAwait(false);
        var said = (await errors.ConfigureAwait(false)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        throw new TrmException("trm_failed", $"'trm cluster {arguments[0]}' failed with {process.ExitCode}: {said}");
    }
}
