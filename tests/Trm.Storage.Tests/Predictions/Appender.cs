using System.Diagnostics;
using Trm.Storage.Predictions;

namespace Trm.Storage.Tests.Predictions;

/// <summary>A child process that appends to a log as fast as it can and says each sequence once it is durable.</summary>
internal static class Appender
{
    public const string Verb = "append-until-killed";

    public static async Task<int> RunAsync(string folder)
    {
        await using var log = await SqlitePredictionLog.OpenAsync(folder, TimeProvider.System);
        var head = await log.OpenAsync(SamplePredictions.Market);
        for (var sequence = head.Sequence + 1; ; sequence++)
        {
            await log.AppendAsync(SamplePredictions.Make(head.Epoch, sequence));
            Console.WriteLine(sequence);
        }
    }

    public static Process Start(string folder) => Process.Start(new ProcessStartInfo
    {
        FileName = "dotnet",
        ArgumentList = { typeof(Appender).Assembly.Location, Verb, folder },
        RedirectStandardOutput = true,
    })!;
}
