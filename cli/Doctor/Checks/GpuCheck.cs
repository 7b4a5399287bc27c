namespace Trm.Cli.Doctor.Checks;

/// <summary>Whether there is an NVIDIA GPU that a silo would use. Nothing needs one.</summary>
/// <param name="ask">Runs <c>nvidia-smi</c>.</param>
/// <param name="driverFile">What the driver says of itself, there without <c>nvidia-smi</c> too.</param>
internal sealed class GpuCheck(AskProgram ask, string driverFile = "/proc/driver/nvidia/version") : IDoctorCheck
{
    private const string Use = "silos use it beside the processor (Trm:Device, with ONNX Runtime's CUDA package); 'trm serve' does not";

    public string Name => "gpu";

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var cards = await ask("nvidia-smi", ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"], cancellation).ConfigureAwait(false);
        if (cards?.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } lines)
            return [Finding.Ok($"{string.Join("; ", lines.Select(line => line.Replace(", ", " with ", StringComparison.Ordinal)))}; {Use}")];
        return File.Exists(driverFile)
            ? [Finding.Warn($"there is a driver ({Version()}) and no card that nvidia-smi shows", "let this machine or container see the card (--gpus, nvidia.com/gpu), or set Trm:Device to cpu")]
            : [Finding.Ok("none, and none is needed: predictions run on the processor; a silo would use an NVIDIA GPU with a driver for CUDA 13")];
    }

    private string Version() => File.ReadLines(driverFile).FirstOrDefault()?.Trim() ?? "of no version";
}
