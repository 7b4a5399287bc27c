using System.Globalization;
using Trm.Cli.Cluster;
using Trm.Cli.Hosting;
using Trm.Storage;
using Trm.Storage.Sqlite;

namespace Trm.Cli.Doctor.Checks;

/// <summary>The data folder can be written, who writes it now, and its databases are sound and of this version.</summary>
/// <param name="folder">The data folder.</param>
internal sealed class StoreCheck(string folder) : IDoctorCheck
{
    private const string Another = "name another with --data or TRM_DATA";

    public string Name => "store";

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            return One(Finding.Warn($"{folder} is not there", $"'trm serve' and 'trm ingest' make it; or {Another}"));
        if (WriteFault() is { } fault) return One(Finding.Fail($"{folder} cannot be written ({fault})", $"give it to the user that runs trm, or {Another}"));
        StoreFile[] files = [StoreFile.Bars(folder), StoreFile.Predictions(folder), StoreFile.Outcomes(folder)];
        return Task.FromResult<IReadOnlyList<Finding>>([Finding.Ok($"{folder} can be written; {Use()}"), .. files.Select(file => Look(file, cancellation))]);
    }

    private static Task<IReadOnlyList<Finding>> One(Finding finding) => Task.FromResult<IReadOnlyList<Finding>>([finding]);

    private string? WriteFault()
    {
        try
        {
            using var file = new FileStream(
                Path.Combine(folder, $".doctor-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    private string Use()
    {
        if (Writers() is { Count: > 0 } writers) return $"{string.Join(", ", writers)} writes predictions there";
        return FolderLock.IsHeld(folder, FolderLock.OfPredictions) ? "another trm writes predictions there" : "no trm writes predictions there now";
    }

    private List<string> Writers() => OperatingSystem.IsLinux()
        ? [.. ProcessTable.HoldingOpen(Path.GetFullPath(Path.Combine(folder, FolderLock.OfPredictions))).Select(pid => $"{Verb(pid)} (pid {pid.ToString(CultureInfo.InvariantCulture)})")]
        : [];

    // Program and verb only: what follows is the user's.
    private static string Verb(int pid)
    {
        var words = ProcessTable.CommandLine(pid).SkipWhile(word => Path.GetFileNameWithoutExtension(word) != "trm").Skip(1);
        return $"trm {words.FirstOrDefault()}".TrimEnd();
    }

    private static Finding Look(StoreFile file, CancellationToken cancellation)
    {
        try
        {
            return file.Exists ? LookInto(file, cancellation) : Finding.Ok($"{file.Name} is not there yet; it is made when it is needed");
        }
        catch (StorageException error)
        {
            return Finding.Fail(error.Message); // It says what to do, and the other file is looked at too.
        }
    }

    private static Finding LookInto(StoreFile file, CancellationToken cancellation)
    {
        var schema = file.ReadSchema();
        var what = string.Create(CultureInfo.InvariantCulture, $"{file.Name} ({file.Bytes / 1048576.0:0.0} MiB, schema {schema}");
        if (schema > file.KnownSchema) return Finding.Fail($"{what}) is of a newer version; this one knows schema {file.KnownSchema}", "use the trm that wrote it, or another data folder");
        try
        {
            if (file.CheckIntegrity(cancellation) is [var first, ..] faults) return Finding.Fail($"{what}) is damaged in {faults.Count} places: {first.ReplaceLineEndings(" ")}", file.IfDamaged);
        }
        catch (OperationCanceledException)
        {
            return Finding.Warn($"{what}) is too large to be checked here", "run 'PRAGMA quick_check' on it with the sqlite3 program when the service is idle");
        }
        return schema < file.KnownSchema
            ? Finding.Warn($"{what}) is sound, and of an older version", $"the next 'trm serve' or 'trm ingest' brings it to schema {file.KnownSchema}; make a copy of the folder before")
            : Finding.Ok($"{what}) is sound");
    }
}
