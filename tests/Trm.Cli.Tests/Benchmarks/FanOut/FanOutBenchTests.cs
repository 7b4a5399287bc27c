using Trm.Cli.Benchmarks.Inference.Peers;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Benchmarks.FanOut;

public sealed class FanOutBenchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_is_asked_of_it_goes_to_the_load_generator_whose_answer_is_its_own()
    {
        var checkout = PeerLocations.CheckoutAround(AppContext.BaseDirectory);
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && checkout is not null && File.Exists(Path.Combine(checkout, "artifacts", "bin", "Trm.Bench.FanOut", "release", "Trm.Bench.FanOut")),
            "the load generator is not built in Release; dotnet build bench/fanout/load -c Release");
        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["bench", "fanout", "idle", "--clients", "0"]);
        Assert.True(code == 2, errors);
        Assert.Contains("fanout: --clients 0 is not between 1 and 50000", errors, StringComparison.Ordinal);

        (code, var output, _) = await TrmProcess.RunAsync(folder.Path, ["bench", "fanout", "throughput", "--", "--help"]);
        Assert.Equal(0, code);
        Assert.Contains("--ahead", output, StringComparison.Ordinal);
    }
}
