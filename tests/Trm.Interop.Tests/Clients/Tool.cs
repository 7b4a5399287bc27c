using System.ComponentModel;
using System.Diagnostics;

namespace Trm.Interop.Tests.Clients;

internal static class Tool
{
    /// <summary>The folder of a kind of scripts, beside the tests.</summary>
    public static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, name);

    /// <summary>Runs a program to its end: its exit code and all it said, or null when there is no such program.</summary>
    public static async Task<(int Code, string Output)?> RunAsync(string program, string[] arguments, string? folder = null)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder ?? AppContext.BaseDirectory, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} did not end in 2 minutes");
        }
    }
}
