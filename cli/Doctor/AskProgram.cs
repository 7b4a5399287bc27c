using System.ComponentModel;
using System.Diagnostics;

namespace Trm.Cli.Doctor;

/// <summary>What another program prints; null when it is not there or fails.</summary>
/// <param name="program">Its name, to be found on PATH.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="cancellation">Ends it.</param>
internal delegate Task<string?> AskProgram(string program, IReadOnlyList<string> arguments, CancellationToken cancellation);

/// <summary>The programs of this machine.</summary>
internal static class Programs
{
    /// <inheritdoc cref="AskProgram"/>
    public static async Task<string?> AskAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return null;
        }
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await Task.WhenAll(output, errors, process.WaitForExitAsync(cancellation)).ConfigureAwait(false);
            return process.ExitCode == 0 ? await output.ConfigureAwait(false) : null;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
