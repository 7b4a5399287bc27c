using Trm.Cli.Tests.Cluster.Support;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Trm.Cli.Tests;

/// <summary>Runs the tests, or is a process that stands in for a silo or a gateway.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        [StandIn.Verb] => StandIn.RunAsync(),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
