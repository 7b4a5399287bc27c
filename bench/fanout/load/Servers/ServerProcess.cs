using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Trm.Bench.FanOut.Clients;
using Trm.Bench.FanOut.Net;

namespace Trm.Bench.FanOut.Servers;

/// <summary>
/// A server in a process of its own: it says where it listens, is told what to publish by lines, and ends when its input does.
/// </summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Process process;
    private readonly Channel<string> said = Channel.CreateUnbounded<string>();
    private readonly LastWords lastWords = new();

    private ServerProcess(Process process) => this.process = process;

    public Greeting Greeting { get; private set; } = new(false);

    public IPEndPoint Address => new(IPAddress.Loopback, Greeting.Port);

    public ProcessFigures Figures => new(process.Id);

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <exception cref="ServerException">It cannot be started, or is not ready.</exception>
    public static ServerProcess Start(string program, IReadOnlyList<string> arguments)
    {
        var (file, all) = Cores.OnServerCore(program, arguments);
        var start = new ProcessStartInfo(file, all) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var server = new ServerProcess(new Process { StartInfo = start });
        try
        {
            server.Start(program);
            server.Greeting = server.Read<Greeting>(StartLimit);
            if (!server.Greeting.Ready) throw new ServerException(server.Greeting.Reason ?? "it is not ready and does not say why");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Tells it something that it does not answer. Quick: the loop does it between two messages.</summary>
    public void Tell(string line)
    {
        try
        {
            process.StandardInput.BaseStream.Write(Encoding.ASCII.GetBytes($"{line}\n"));
            process.StandardInput.BaseStream.Flush();
        }
        catch (IOException broken)
        {
            throw Gone(broken);
        }
    }

    /// <summary>May publish so many in all.</summary>
    public void Grant(long broadcasts) => Tell(FormattableString.Invariant($"go {broadcasts}"));

    /// <summary>Publishes so many a second; 0 stops. The gateway's host only.</summary>
    public void SetRate(double perSecond) => Tell(FormattableString.Invariant($"rate {perSecond}"));

    /// <summary>Asks the gateway's host for its figures, while the clients go on.</summary>
    /// <param name="clients">The loop that goes on meanwhile.</param>
    /// <param name="collect">After a garbage collection.</param>
    public ServerStats Ask(ClientLoop clients, bool collect = false)
    {
        Tell(collect ? "gc" : "stats");
        if (!clients.RunUntil(() => said.Reader.Count > 0 || said.Reader.Completion.IsCompleted, AnswerLimit)) throw new ServerException("the server does not answer");
        return Read<ServerStats>(TimeSpan.Zero);
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(EndLimit)) process.Kill(entireProcessTree: true);
            process.WaitForExit(EndLimit);
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            // It was never started, or has ended.
        }
        process.Dispose();
    }

    private void Start(string program)
    {
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) said.Writer.TryComplete();
            else said.Writer.TryWrite(line.Data);
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data)) lastWords.Add(line.Data);
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new ServerException($"{Path.GetFileName(program)} cannot be started: {error.Message}", error);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private T Read<T>(TimeSpan limit)
    {
        // Nothing else runs meanwhile: this is before the clients, or when the line is there.
        if (!said.Reader.TryRead(out var line) && !(said.Reader.WaitToReadAsync().AsTask().Wait(limit) && said.Reader.TryRead(out line)))
            throw said.Reader.Completion.IsCompleted ? Gone(null) : new ServerException($"it said nothing for {limit.TotalSeconds:0} s");
        try
        {
            return JsonSerializer.Deserialize<T>(line, Json) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new ServerException($"it said '{line}' where a JSON object was expected", error);
        }
    }

    private ServerException Gone(Exception? inner)
    {
        var code = process.WaitForExit(EndLimit) ? FormattableString.Invariant($"it ended with exit code {process.ExitCode}") : "it closed its output";
        return new ServerException($"{code}{lastWords.Tell()}", inner);
    }
}
