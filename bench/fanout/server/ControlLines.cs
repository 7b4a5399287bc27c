using System.Globalization;
using System.Runtime;
using System.Text.Json;

namespace Trm.Bench.FanOut.Server;

/// <summary>
/// What the bench says, a line each, until its input ends. <c>go N</c>: publish up to N in all. <c>rate R</c>: publish R a
/// second. <c>stats</c> and <c>gc</c> are answered with a line of JSON.
/// </summary>
internal sealed class ControlLines(Publisher publisher, GatewayMeter? meter, FaultCounter faults, TextReader input, TextWriter output)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public void Run()
    {
        while (input.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "go":
                    publisher.PublishUpTo(long.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
                case "rate":
                    publisher.SetRate(double.Parse(words[1], CultureInfo.InvariantCulture));
                    break;
                case "gc":
                    Collect();
                    WriteStats();
                    break;
                case "stats":
                    WriteStats();
                    break;
                default:
                    throw new InvalidDataException($"'{line}' is not understood");
            }
        }
    }

    // Twice: what finalisers let go is free after the second.
    private static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    private void WriteStats()
    {
        var stats = new
        {
            publisher.Published,
            HeapBytes = GC.GetTotalMemory(forceFullCollection: false),
            Threads = ThreadPool.ThreadCount,
            Faults = faults.Count,
            FirstFault = faults.First,
            Metrics = meter?.Read(),
        };
        output.WriteLine(JsonSerializer.Serialize(stats, Json));
        output.Flush();
    }
}
