using System.Diagnostics;
using Trm.Bench.FanOut.Clients;

namespace Trm.Bench.FanOut.Servers;

/// <summary>Every server there is: the gateway, and its peers.</summary>
/// <param name="python">The Python that has FastAPI.</param>
internal sealed class Lineup(string python)
{
    public const string Gateway = "trm";
    public const string RawLoop = "raw-c";
    public const string NodeWs = "node-ws";
    public const string SignalR = "signalr";
    public const string FastApi = "fastapi";

    private const string Solution = "Trm.Orleans.sln";

    /// <summary>Those of the names, in that order.</summary>
    /// <exception cref="FormatException">A name is not known.</exception>
    public IReadOnlyList<Contestant> Select(string names) =>
        [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name => All.FirstOrDefault(c => c.Name == name)
            ?? throw new FormatException($"--servers {name} is not known; there is {string.Join(", ", All.Select(c => c.Name))}"))];

    public static string AllNames => string.Join(',', Gateway, RawLoop, NodeWs, SignalR, FastApi);

    /// <summary>The gateway, and how its clients are to speak.</summary>
    /// <param name="dialect">A dialect of the gateway.</param>
    /// <param name="arguments">More for its host: <c>--meters</c>, or configuration.</param>
    public static Contestant TheGateway(Dialect dialect, params string[] arguments) =>
        new(Gateway, dialect, () => (Built("Trm.Bench.FanOut.Server"), arguments));

    private IReadOnlyList<Contestant> All =>
    [
        TheGateway(Dialect.TrmAll),
        new(RawLoop, Dialect.Plain, () => (CompiledLoop(), [Message])),
        new(NodeWs, Dialect.Plain, () => (Installed("node", "Node.js: https://nodejs.org"), [Peer("node-ws", "server.js"), Message])),
        new(SignalR, Dialect.SignalR, () => (Built("Trm.Bench.FanOut.SignalR"), [Message])),
        new(FastApi, Dialect.Plain, () => (Installed(python, "Debian: python3-fastapi python3-uvicorn python3-websockets"), [Peer("fastapi", "server.py"), Message])),
    ];

    private static string Message => Peer("message.json");

    private static string Peer(params string[] parts) => Path.Combine([Checkout, "bench", "fanout", "peers", .. parts]);

    private static string Checkout
    {
        get
        {
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, Solution))) return at.FullName;
            }
            throw new ServerException("the peers are in the project's checkout, and this program is not");
        }
    }

    /// <summary>A program that is built with this one, beside it.</summary>
    private static string Built(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project);
        return File.Exists(program) ? program : throw new ServerException($"{program} is not there; build it with 'dotnet build bench/fanout/load -c Release'");
    }

    private static string Installed(string program, string ifAbsent)
    {
        IEnumerable<string> places = program.Contains('/', StringComparison.Ordinal)
            ? [program]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program));
        return places.FirstOrDefault(File.Exists) ?? throw new ServerException($"{program} is not installed ({ifAbsent})");
    }

    /// <summary>The raw loop, compiled when its source is newer than what was compiled before.</summary>
    private static string CompiledLoop()
    {
        var source = Peer("raw-c", "raw_loop.c");
        var program = Path.Combine(AppContext.BaseDirectory, "raw_loop");
        if (File.GetLastWriteTimeUtc(program) > File.GetLastWriteTimeUtc(source)) return program;
        using var compiler = Process.Start(new ProcessStartInfo(Installed("cc", "Debian: gcc"), ["-O2", "-o", program, source]) { RedirectStandardError = true })!;
        var errors = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? program : throw new ServerException($"{Path.GetFileName(source)} does not compile: {errors.ReplaceLineEndings(" ")}");
    }
}
