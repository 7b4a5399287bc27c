using System.CommandLine;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary><c>trm health</c>: is a running service ready; for scripts and for containers, which have no other program to ask with.</summary>
internal static class HealthCommand
{
    private static readonly Argument<string> Url = new("url") { Description = "Address of the service", DefaultValueFactory = _ => "http://localhost:8000" };

    public static Command Create() => CommandRunner.Create(
        "health", "Ask a running service whether it is ready: exit 0, or 1 and why not.", [], [Url],
        context => HealthProbe.AskAsync(context.Line.GetValue(Url)!, "trm"));
}
