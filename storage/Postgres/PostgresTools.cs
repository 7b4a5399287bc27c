using System.Diagnostics;
using System.Globalization;

namespace Trm.Storage.Postgres;

/// <summary>PostgreSQL's own programs on this machine, run as a user they accept.</summary>
/// <param name="folder">Where <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> are.</param>
internal sealed class PostgresTools(string folder)
{
    /// <summary>Who runs them when we are root, whom they refuse: the user that Debian's package makes.</summary>
    public const string ServerUser = "postgres";

    private static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>PATH first, then Debian's place, the highest version; null when there are none.</summary>
    public static string? Find() =>
        OnPath().Concat(OfDebian()).FirstOrDefault(candidate => Needed.All(tool => IsThere(Path.Combine(candidate, Executable(tool)))));

    /// <summary>The programs of this machine.</summary>
    /// <exception cref="StorageException"><c>postgres_missing</c>.</exception>
    public static PostgresTools Require() => Find() is { } folder
        ? new PostgresTools(folder)
        : throw new StorageException(
            "postgres_missing", "no PostgreSQL programs (initdb, pg_ctl, postgres) on PATH or in /usr/lib/postgresql; apt-get install postgresql, or name a server with --connection");

    /// <summary>Gives a folder to the user that the server runs as.</summary>
    /// <exception cref="StorageException">There is no such user, or it cannot reach the folder.</exception>
    public static async Task HandOverAsync(string path, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows()) return;
        if ((await ExecuteAsync("id", ["-u", ServerUser], path, cancellation).ConfigureAwait(false)).Code != 0)
            throw new StorageException("postgres_missing", $"PostgreSQL does not run as root, and there is no user '{ServerUser}' to run it as; apt-get install postgresql, or use another user than root");
        await DemandAsync("chown", ["-R", $"{ServerUser}:", path], path, cancellation).ConfigureAwait(false);
        if ((await ExecuteAsync("runuser", ["-u", ServerUser, "--", "test", "-w", path], "/", cancellation).ConfigureAwait(false)).Code != 0)
            throw new StorageException("storage_unavailable", $"user '{ServerUser}' cannot reach {path}; let it through the folders above (chmod o+x), or choose another data folder");
    }

    /// <summary>Runs one to its end.</summary>
    /// <returns>Its exit code and what it said.</returns>
    public Task<(int Code, string Output)> RunAsync(string tool, string[] arguments, string workFolder, CancellationToken cancellation)
    {
        var program = Path.Combine(folder, Executable(tool));
        return Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows()
            ? ExecuteAsync("runuser", ["-u", ServerUser, "--", program, .. arguments], workFolder, cancellation)
            : ExecuteAsync(program, arguments, workFolder, cancellation);
    }

    private static async Task DemandAsync(string program, string[] arguments, string workFolder, CancellationToken cancellation)
    {
        var (code, output) = await ExecuteAsync(program, arguments, workFolder, cancellation).ConfigureAwait(false);
        if (code != 0) throw new StorageException("storage_unavailable", $"{program} {string.Join(' ', arguments)} failed ({output.Trim().ReplaceLineEndings(" ")})");
    }

    private static async Task<(int Code, string Output)> ExecuteAsync(string program, string[] arguments, string workFolder, CancellationToken cancellation)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                // The user that runs it may not be allowed into ours.
                WorkingDirectory = workFolder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new StorageException("postgres_missing", $"{program} cannot be started ({e.Message}); apt-get install postgresql, or name a server with --connection", e);
        }
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return (process.ExitCode, await output.ConfigureAwait(false) + await errors.ConfigureAwait(false));
    }

    // A link whose target was removed exists, but is no program.
    private static bool IsThere(string program) => File.Exists(program) && File.ResolveLinkTarget(program, returnFinalTarget: true) is not { Exists: false };

    private static string[] OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> OfDebian()
    {
        const string Root = "/usr/lib/postgresql";
        if (!Directory.Exists(Root)) return [];
        return Directory.EnumerateDirectories(Root)
            .OrderByDescending(version => double.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"));
    }

    private static string Executable(string tool) => OperatingSystem.IsWindows() ? tool + ".exe" : tool;
}
