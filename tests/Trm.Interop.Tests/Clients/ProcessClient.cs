using System.Collections.Concurrent;
using System.Diagnostics;

namespace Trm.Interop.Tests.Clients;

/// <summary>A client that is a script in a process of its own.</summary>
internal sealed class ProcessClient : InteropClient
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> errors = new();

    private ProcessClient(Process process) => this.process = process;

    protected override string Complaints => string.Join('\n', errors);

    public static ProcessClient Start(string program, string script)
    {
        var start = new ProcessStartInfo(program, [script])
        {
            WorkingDirectory = Path.GetDirectoryName(script),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NO_PROXY"] = "*", ["PYTHONDONTWRITEBYTECODE"] = "1" },
        };
        var client = new ProcessClient(new Process { StartInfo = start });
        client.process.OutputDataReceived += (_, line) => client.Take(line.Data);
        client.process.ErrorDataReceived += (_, line) => client.errors.Enqueue(line.Data ?? "");
        client.process.Start();
        client.process.BeginOutputReadLine();
        client.process.BeginErrorReadLine();
        return client;
    }

    public override Task DoAsync(Instruction command) => process.StandardInput.WriteLineAsync(command.ToJson());

    public override async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) Ended();
        else Saw(ClientEvent.Parse(line));
    }
}
