using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Trm.Cli.Benchmarks.Inference.Peers;

/// <summary>
/// A peer in a process of its own: it says that it is ready, answers a line of JSON for each line it gets, and ends when its
/// input does. Whatever goes wrong is a <see cref="PeerException"/>, and the process is not left behind.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private const int ShownOfAnAnswer = 80;

    /// <summary>Reading a model and compiling a graph takes a second or two; a cold disk several.</summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    /// <summary>A turn takes well under a second.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Process process;
    private readonly TimeProvider time;
    private volatile string lastError = "";

    private PeerProcess(Process process, TimeProvider time) => (this.process, this.time) = (process, time);

    /// <summary>What it said of itself.</summary>
    public PeerGreeting Greeting { get; private set; } = new(false);

    /// <summary>Starts a peer and waits until it is ready.</summary>
    /// <exception cref="PeerException">It is not there, cannot be started, or is not ready in time.</exception>
    public static async Task<PeerProcess> StartAsync(PeerCommand command, TimeProvider time, CancellationToken cancellation)
    {
        command.Check();
        var peer = new PeerProcess(new Process { StartInfo = StartInfo(command) }, time);
        try
        {
            peer.Start();
            peer.Greeting = await peer.ReadAsync<PeerGreeting>(StartLimit, cancellation).ConfigureAwait(false);
            if (!peer.Greeting.Ready) throw new PeerException(OneLine(peer.Greeting.Reason ?? "it is not ready and does not say why"));
            return peer;
        }
        catch
        {
            peer.Kill();
            throw;
        }
    }

    /// <summary>Asks for timed runs.</summary>
    /// <returns>The seconds of each, as many as were asked for.</returns>
    /// <exception cref="PeerException">It is gone, late, or answers something else.</exception>
    public async Task<double[]> MeasureAsync(PeerRequest request, CancellationToken cancellation)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, Json).AsMemory(), cancellation).ConfigureAwait(false);
            await process.StandardInput.FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException broken)
        {
            throw await GoneAsync(broken).ConfigureAwait(false);
        }
        var (seconds, error) = await ReadAsync<PeerReply>(AnswerLimit, cancellation).ConfigureAwait(false);
        if (error is not null) throw new PeerException(OneLine(error));
        if (seconds?.Length != request.Repeats || !seconds.All(s => double.IsFinite(s) && s > 0))
            throw new PeerException($"it was asked for {request.Repeats} times above 0 and gave {(seconds is null ? "none" : string.Join(", ", seconds))}");
        return seconds;
    }

    /// <summary>Ends it: its input ends, and if it does not go by itself, it is killed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(EndLimit, time).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or TimeoutException)
        {
            // It did not read its input, or is busy: it is killed.
        }
        Kill();
    }

    private static ProcessStartInfo StartInfo(PeerCommand command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Threads that spin between two regions of OpenMP would take the core of whoever is measured next.
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        return start;
    }

    private void Start()
    {
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data)) lastError = line.Data;
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new PeerException($"{Path.GetFileName(process.StartInfo.FileName)} cannot be started: {OneLine(error.Message)}", error);
        }
        process.BeginErrorReadLine();
    }

    private async Task<T> ReadAsync<T>(TimeSpan limit, CancellationToken cancellation)
    {
        string? line;
        try
        {
            // A read of a pipe may not heed its token; left alone, it ends with the process.
            line = await process.StandardOutput.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(limit, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            throw new PeerException($"it said nothing for {limit.TotalSeconds:0} s", error);
        }
        if (line is null) throw await GoneAsync(null).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize<T>(line, Json) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new PeerException($"it said '{OneLine(line)}' where a JSON object was expected", error);
        }
    }

    private async Task<PeerException> GoneAsync(Exception? inner)
    {
        try
        {
            // Its last words too have arrived then.
            await process.WaitForExitAsync().WaitAsync(EndLimit, time).ConfigureAwait(false);
        }
        catch (TimeoutException error)
        {
            return new PeerException("it closed its output", error);
        }
        var words = lastError.Length == 0 ? "" : $": {OneLine(lastError)}";
        return new PeerException($"it ended with exit code {process.ExitCode}{words}", inner);
    }

    private void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(EndLimit);
        }
        catch (InvalidOperationException)
        {
            // It was never started, or has ended.
        }
        process.Dispose();
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= ShownOfAnAnswer ? line : $"{line[..ShownOfAnAnswer]}…";
    }
}
