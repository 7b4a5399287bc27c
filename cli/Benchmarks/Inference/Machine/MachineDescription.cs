using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>What a figure must be read with.</summary>
/// <param name="Processor">The processor's name, or its architecture where the system does not tell.</param>
/// <param name="Cores">Logical processors that this process may use.</param>
/// <param name="Vectors">The widest vectors that .NET uses here.</param>
/// <param name="Runtime">.NET's version.</param>
/// <param name="System">The operating system.</param>
internal sealed record MachineDescription(string Processor, int Cores, string Vectors, string Runtime, string System)
{
    private const string LinuxProcessors = "/proc/cpuinfo";

    public static MachineDescription Here() => new(
        ReadProcessor(), Environment.ProcessorCount, WidestVectors(), RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription);

    /// <summary>The first processor's name in the text of <c>/proc/cpuinfo</c>; null when it has none.</summary>
    public static string? ProcessorOf(IEnumerable<string> cpuinfo) => cpuinfo
        .Where(line => line.StartsWith("model name", StringComparison.Ordinal) && line.Contains(':', StringComparison.Ordinal))
        .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
        .FirstOrDefault(name => name.Length > 0);

    private static string ReadProcessor()
    {
        var name = File.Exists(LinuxProcessors)
            ? ProcessorOf(File.ReadLines(LinuxProcessors))
            : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return name ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string WidestVectors() =>
        Avx512BW.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : Vector128.IsHardwareAccelerated ? "128 bits" : "none";
}
