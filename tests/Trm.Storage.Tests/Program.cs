using Trm.Storage.Tests.Predictions;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Trm.Storage.Tests;

/// <summary>Runs the tests, or is a process that appends to a log until it is killed.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => args switch
    {
        [Appender.Verb, var folder] => Appender.RunAsync(folder),
        _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(args),
    };
}
