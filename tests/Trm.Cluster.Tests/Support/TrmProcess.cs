using System.Collections.Concurrent;
using System.Diagnostics;

namespace Trm.Cluster.Tests.Support;

/// <summary>One of our programs, as a process of its own that can be killed; it ends with this one whatever happens.</summary>
internal sealed class TrmProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<Process, byte> Running = new();

    private readonly Process process;
    private readonly ConcurrentQueue<string> told = new();

    static TrmProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys) Kill(process);
    };

    private TrmProcess(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        Running.TryAdd(process, 0);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>The last lines it wrote.</summary>
    public string Told => string.Join('\n', told.TakeLast(60));

    public bool HasExited => process.HasExited;

    /// <param name="program">Its project, like <c>Trm.Silo</c>, built where this test's own is.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="arguments"><c>--key=value</c>.</param>
    public static TrmProcess Start(string program, string folder, params IEnumerable<string> arguments) => Start(program, folder, [], arguments);

    /// <inheritdoc cref="Start(string, string, IEnumerable{string})"/>
    /// <param name="program">Its project, like <c>Trm.Silo</c>, built where this test's own is.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="environment">Variables that it gets.</param>
    /// <param name="arguments"><c>--key=value</c>.</param>
    public static TrmProcess Start(string program, string folder, IEnumerable<(string Name, string Value)> environment, IEnumerable<string> arguments)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var assembly = Path.Combine(here.Parent!.Parent!.FullName, program, here.Name, $"{program}.dll");
        Assert.True(File.Exists(assembly), $"{assembly} is not built");
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var key in start.Environment.Keys.Where(k => k.StartsWith("TRM_", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(key);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new TrmProcess(new Process { StartInfo = start });
    }

    /// <summary>As a loss of power: no signal that it could hear.</summary>
    public async Task KillAsync()
    {
        Kill(process);
        await process.WaitForExitAsync();
    }

    /// <summary>Its exit code, once it has ended by itself.</summary>
    public async Task<int> ExitAsync()
    {
        await Eventually.TrueAsync(() => process.HasExited, () => Told);
        await process.WaitForExitAsync(); // and what it wrote last
        return process.ExitCode;
    }

    /// <summary>Completes when a path of it answers 200.</summary>
    public async Task ReadyAsync(string url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        await Eventually.TrueAsync(
            async () =>
            {
                if (HasExited) Assert.Fail($"it ended with {process.ExitCode}:\n{Told}");
                try
                {
                    using var answer = await http.GetAsync(url);
                    return answer.IsSuccessStatusCode;
                }
                catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            () => Told);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Running.TryRemove(process, out _);
        process.Dispose();
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        told.Enqueue(line);
        if (told.Count > 1_000) told.TryDequeue(out _);
    }
}
