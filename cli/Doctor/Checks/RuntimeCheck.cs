using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;

namespace Trm.Cli.Doctor.Checks;

/// <summary>.NET, the processor, and the kernels that a model takes on it.</summary>
/// <param name="path">The fastest path of the managed engine here: avx512-vnni, avx512, avx2 or vector128.</param>
/// <param name="architecture">Of this process.</param>
internal sealed class RuntimeCheck(string path, Architecture architecture) : IDoctorCheck
{
    private const string Narrow = "vector128";

    public string Name => "runtime";

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var kernels = path == Narrow && AdvSimd.IsSupported ? $"{path} (NEON)" : path;
        var found = $"{RuntimeInformation.FrameworkDescription}, {architecture.ToString().ToLowerInvariant()}, {Environment.ProcessorCount} processors, kernels {kernels}";
        return Task.FromResult<IReadOnlyList<Finding>>(
        [
            path == Narrow && architecture == Architecture.X64
                ? Finding.Warn(found, "predictions take several times as long as with AVX2: use a processor that has it, or let the virtual machine see it")
                : Finding.Ok(found),
        ]);
    }
}
