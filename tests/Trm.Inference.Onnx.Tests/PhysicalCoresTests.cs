using Trm.Inference.Tests;

namespace Trm.Inference.Onnx.Tests;

public sealed class PhysicalCoresTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Two_processors_of_one_core_count_once()
    {
        Processor("cpu0", "0,2");
        Processor("cpu1", "1,3");
        Processor("cpu2", "0,2");
        Processor("cpu3", "1,3");
        Directory.CreateDirectory(Path.Combine(folder.Path, "cpufreq"));

        Assert.Equal(2, PhysicalCores.Cores(folder.Path));
    }

    [Fact]
    public void A_system_that_does_not_say_is_not_guessed_at()
    {
        Assert.Null(PhysicalCores.Cores(folder.Path));
        Assert.Null(PhysicalCores.Cores(Path.Combine(folder.Path, "absent")));
    }

    [Fact]
    public void There_is_one_at_least_and_eight_at_most() => Assert.InRange(PhysicalCores.Count(), 1, Math.Min(8, Environment.ProcessorCount));

    private void Processor(string name, string siblings)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, name, "topology"));
        File.WriteAllText(Path.Combine(folder.Path, name, "topology", "thread_siblings_list"), $"{siblings}\n");
    }
}
