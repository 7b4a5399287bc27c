using System.Text.Json;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Benchmarks.Batching;

public sealed class BatchingBenchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_says_what_callers_get_beside_large_batches()
    {
        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["bench", "batching", "--callers", "3", "--rounds", "1", "--json"]);

        Assert.True(code == 0, errors);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(3, report.GetProperty("callers").GetInt32());
        Assert.StartsWith("managed ", report.GetProperty("engine").GetString(), StringComparison.Ordinal);
        foreach (var figure in new[] { "predictions_per_second", "large_batch_predictions_per_second", "ratio", "p50_seconds", "p99_seconds" })
            Assert.True(report.GetProperty(figure).GetDouble() > 0, figure);
    }
}
