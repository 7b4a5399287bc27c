using System.Text.Json;
using Trm.Cli.Benchmarks.Log;
using Trm.Cli.Tests.Support;
using Trm.Storage.Postgres;

namespace Trm.Cli.Tests.Benchmarks.Log;

public sealed class LogBenchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_measures_appends_and_reads_on_a_server_of_its_own()
    {
        Assert.SkipUnless(PrivatePostgres.FindBinaries() is not null, "no PostgreSQL programs on this machine; apt-get install postgresql");
        var (code, output, errors) = await TrmProcess.RunAsync(
            folder.Path, ["bench", "log", "--rows", "20000", "--markets", "4", "--rate", "50", "--seconds", "1", "--json"]);

        Assert.True(code == 0, errors);
        var report = JsonDocument.Parse(output).RootElement;
        Assert.Equal(20_000, report.GetProperty("rows").GetInt64());
        Assert.Equal(50, report.GetProperty("append").GetProperty("calls").GetInt64());
        foreach (var key in new[] { "latest", "page_by_sequence", "page_newest" })
            Assert.Equal("predictions_pkey", report.GetProperty(key).GetProperty("index").GetString());
        foreach (var key in new[] { "append", "append_burst", "latest", "page_by_sequence", "page_by_time" })
            Assert.True(report.GetProperty(key).GetProperty("p99_seconds").GetDouble() > 0, key);
    }

    [Theory]
    [InlineData("--rows", "10", "--rows 10 is not between 1000 a market (100000) and 1000000000")]
    [InlineData("--rate", "0", "--rate 0 is not between 1 and 100000")]
    public async Task A_number_out_of_range_is_a_misuse_with_the_range(string option, string value, string message)
    {
        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["bench", "log", option, value]);
        Assert.Equal(2, code);
        Assert.Contains(message, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_reads_the_whole_table_is_said_to()
    {
        Assert.Equal("the whole table", LogReport.IndexUse(["  ->  Seq Scan on predictions_07 predictions  (cost=0.00..1.00)"]));
        Assert.Equal("predictions_pkey", LogReport.IndexUse(["  ->  Index Scan Backward using predictions_07_pkey on predictions_07 predictions  (cost=0.42..1.00)", "  ->  Bitmap Index Scan on predictions_07_pkey  (cost=0.00..1.00)", "  ->  Index Scan using logs_by_market on logs"]));
    }
}
