using Trm.Tests.Node;

namespace Trm.Interop.Tests.Clients;

/// <summary>Python, with the package that a script needs. Debian's packages belong to its own interpreter, so that one is asked first.</summary>
internal static class Python
{
    private static readonly string[] Interpreters = ["/usr/bin/python3", "python3", "python"];
    private static readonly Lazy<Task<string?>> WithSockets = new(() => FindAsync("websockets"));
    private static readonly Lazy<Task<string?>> Plain = new(() => FindAsync("http.client"));

    /// <summary>Starts the WebSocket script, or skips the test with a word.</summary>
    public static Task<InteropClient> StartSocketsAsync() => StartAsync(WithSockets, "sockets.py", "no Python with websockets on this machine");

    /// <summary>Starts the event stream's script, or skips the test with a word.</summary>
    public static Task<InteropClient> StartEventsAsync() => StartAsync(Plain, "events.py", "no Python on this machine");

    private static async Task<InteropClient> StartAsync(Lazy<Task<string?>> interpreter, string script, string lack)
    {
        var python = await interpreter.Value;
        Assert.SkipWhen(python is null, lack);
        return ProcessClient.Start(python, Path.Combine(Scripts.Folder("python"), script));
    }

    private static async Task<string?> FindAsync(string module)
    {
        foreach (var python in Interpreters)
        {
            // match, which the scripts use, came with 3.10.
            if (await Tool.RunAsync(python, ["-c", $"import sys, {module}; sys.exit(sys.version_info < (3, 10))"]) is { Code: 0 }) return python;
        }
        return null;
    }
}
