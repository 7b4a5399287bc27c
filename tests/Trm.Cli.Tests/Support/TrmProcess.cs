using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Trm.Cli.Tests.Support;

/// <summary>The real program in a process of its own, as a user runs it.</summary>
internal sealed partial class TrmProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TrmProcess(Process process) => this.process = process;

    public string Output
    {
        get { lock (output) return output.ToString(); }
    }

    public string Errors
    {
        get { lock (errors) return errors.ToString(); }
    }

    public static TrmProcess Start(string folder, params string[] arguments) => Start(folder, [], arguments);

    private static TrmProcess Start(string folder, IEnumerable<(string Name, string Value)> environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "trm.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("TRM_", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;

        var program = new TrmProcess(new Process { StartInfo = start });
        program.process.OutputDataReceived += (_, line) => program.Take(program.output, line.Data);
        program.process.ErrorDataReceived += (_, line) => program.Take(program.errors, line.Data);
        program.process.Start();
        program.process.BeginOutputReadLine();
        program.process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs to the end and answers the exit code.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string folder, string[] arguments, string? input = null)
    {
        await using var program = Start(folder, arguments);
        if (input is not null) await program.process.StandardInput.WriteAsync(input);
        program.process.StandardInput.Close();
        var code = await program.ExitAsync();
        return (code, program.Output, program.Errors);
    }

    /// <summary>The same with variables in its environment.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string folder, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        await using var program = Start(folder, environment, arguments);
        program.process.StandardInput.Close();
        var code = await program.ExitAsync();
        return (code, program.Output, program.Errors);
    }

    /// <summary>A server on a free port, once it listens.</summary>
    public static Task<(TrmProcess Server, Uri Address)> ServeAsync(string folder, params string[] arguments) => ServeAsync(folder, [], arguments);

    /// <summary>The same with variables in its environment.</summary>
    public static async Task<(TrmProcess Server, Uri Address)> ServeAsync(string folder, IEnumerable<(string Name, string Value)> environment, params string[] arguments)
    {
        string[] urls = arguments.Contains("--urls") ? [] : ["--urls", "http://127.0.0.1:0"];
        var server = Start(folder, environment, ["serve", .. urls, .. arguments]);
        var exited = server.process.WaitForExitAsync();
        if (await Task.WhenAny(server.listening.Task, exited).WaitAsync(Patience) == exited)
            throw new InvalidOperationException($"trm serve ended with {server.process.ExitCode}: {server.Errors}");
        return (server, await server.listening.Task);
    }

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>SIGHUP; not on Windows.</summary>
    public async Task HangUpAsync()
    {
        using var kill = Process.Start("kill", ["-HUP", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Completes when a line with that text was written to stderr.</summary>
    public async Task SaysAsync(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        DataReceivedEventHandler look = (_, line) =>
        {
            if (line.Data?.Contains(text, StringComparison.Ordinal) == true) said.TrySetResult();
        };
        process.ErrorDataReceived += look;
        if (!Errors.Contains(text, StringComparison.Ordinal)) await said.Task.WaitAsync(Patience);
        process.ErrorDataReceived -= look;
    }

    /// <summary>Names of the libraries it has loaded so far; Linux.</summary>
    public async Task<IReadOnlySet<string>> LibrariesAsync()
    {
        var maps = await File.ReadAllLinesAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/maps"));
        return maps.Select(line => Path.GetFileName(line)).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)).ToHashSet();
    }

    /// <summary>SIGKILL: nothing of it runs after this.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private void Take(StringBuilder lines, string? line)
    {
        if (line is null) return;
        lock (lines) lines.Append(line).Append('\n');
        if (Listening().Match(line) is { Success: true } match) listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex(@"Now listening on: (https?://\S+)")]
    private static partial Regex Listening();
}
