using System.Text.Json;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Benchmarks.Inference;

public sealed class InferenceBenchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_short_run_reports_every_engine_at_every_batch_and_number_of_threads()
    {
        var (code, output, errors) = await TrmProcess.RunAsync(
            folder.Path, ["bench", "inference", "--batches", "1,3", "--rounds", "2", "--peers", "pytorch", "--python", folder["absent"], "--json"]);

        Assert.Equal((0, ""), (code, errors));
        var report = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal(2, report.GetProperty("rounds").GetInt32());
        var results = report.GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(
            from threads in (int[])[1, 2] from batch in (int[])[1, 3] from name in (string[])["managed fp32", "managed int16"] select (threads, batch, name),
            results.Select(r => (r.GetProperty("threads").GetInt32(), r.GetProperty("batch").GetInt32(), r.GetProperty("name").GetString()!)));
        Assert.All(results, r =>
        {
            Assert.InRange(r.GetProperty("minimum_seconds").GetDouble(), double.Epsilon, r.GetProperty("median_seconds").GetDouble());
            Assert.InRange(r.GetProperty("median_seconds").GetDouble(), double.Epsilon, r.GetProperty("p99_seconds").GetDouble());
            Assert.InRange(r.GetProperty("probability_error").GetDouble(), 0, 1e-4);
            Assert.True(r.GetProperty("to_floor").GetDouble() > 0);
        });
        var skipped = Assert.Single(report.GetProperty("skipped").EnumerateArray());
        Assert.Equal("PyTorch fp32", skipped.GetProperty("name").GetString());
        Assert.StartsWith("absent is not there; ", skipped.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }
}
