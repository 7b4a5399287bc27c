using System.Globalization;

namespace Trm.Cli.Doctor.Checks;

/// <summary>The disk of the data folder has room for what will be written.</summary>
/// <param name="folder">The data folder, or where it will be.</param>
/// <param name="predictionsPerDay">That the service appends, of all markets.</param>
/// <param name="freeBytes">What the disk of a folder has left for us.</param>
internal sealed class DiskCheck(string folder, double predictionsPerDay, Func<string, long> freeBytes) : IDoctorCheck
{
    private const long LeastBytes = 1L << 30;
    private const int Days = 30;

    /// <summary>On the disk, indexes included: 1,835 predictions of a replay came to 1.3 MiB.</summary>
    private const int BytesPerPrediction = 750;

    public string Name => "disk";

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var place = Path.GetFullPath(folder);
        while (!Directory.Exists(place)) place = Path.GetDirectoryName(place)!;
        var free = freeBytes(place);
        var growth = (long)(Days * predictionsPerDay * BytesPerPrediction);
        var found = $"{Text(free)} free for {folder}; {Days} days of predictions take about {Text(growth)}";
        return Task.FromResult<IReadOnlyList<Finding>>(
        [
            free < Math.Max(LeastBytes, growth)
                ? Finding.Warn(found, "make room, or move the folder: when the disk is full no prediction can be made durable, and none is published")
                : Finding.Ok(found),
        ]);
    }

    private static string Text(long bytes) => bytes >= LeastBytes
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)LeastBytes:0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB");
}
