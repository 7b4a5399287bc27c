using BenchmarkDotNet.Attributes;
using Trm.Storage.Predictions;

namespace Trm.Bench.Micro.Predictions;

/// <summary>
/// An append to the log, which is on disk when it returns, beside one that finds its sequence there already. In the system's folder for temporary files: on a memory disk it is the work without the disk.
/// </summary>
public class LogBenchmarks
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("trm-micro-");
    private SqlitePredictionLog log = null!;
    private Guid epoch;
    private long sequence;

    [GlobalSetup]
    public async Task SetUp()
    {
        log = await SqlitePredictionLog.OpenAsync(folder.FullName, TimeProvider.System);
        var head = await log.OpenAsync("us-equities");
        (epoch, sequence) = (head.Epoch, head.Sequence);
        await Append();
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await log.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Benchmark(Baseline = true)]
    public Task<bool> Append() => log.AppendAsync(SamplePrediction.Make(epoch, ++sequence));

    [Benchmark]
    public Task<bool> AppendAgain() => log.AppendAsync(SamplePrediction.Make(epoch, sequence));
}
