using Trm.Bench.FanOut.Clients;

namespace Trm.Bench.FanOut.Servers;

/// <summary>A server that can be measured.</summary>
/// <param name="Name">Its name on the command line and in reports.</param>
/// <param name="Dialect">How its clients speak.</param>
/// <param name="Command">Its program and arguments; what is missing for them is a <see cref="ServerException"/>.</param>
internal sealed record Contestant(string Name, Dialect Dialect, Func<(string Program, IReadOnlyList<string> Arguments)> Command)
{
    /// <summary>Starts it, on the server's core.</summary>
    /// <exception cref="ServerException">It is not there, or does not come up.</exception>
    public ServerProcess Start()
    {
        var (program, arguments) = Command();
        return ServerProcess.Start(program, arguments);
    }
}
