using Trm.Core;

namespace Trm.Cli.Hosting;

/// <summary>
/// Held by one process at a time, such as the one that writes a data folder's prediction log. The system releases it when
/// the process dies, however it dies.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    /// <summary>Of the process that appends to a folder's prediction log.</summary>
    public const string OfPredictions = "predictions.lock";

    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>The lock, or null when another process holds it.</summary>
    public static FolderLock? TryTake(string folder, string name)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderLock(Open(folder, name, FileMode.OpenOrCreate));
        }
        catch (IOException error) when (IsOfAnother(error))
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrmException("storage_unavailable", $"data folder {folder} cannot be written ({error.Message}); choose another with --data or TRM_DATA", error);
        }
    }

    /// <summary>Whether some process holds it; makes nothing.</summary>
    public static bool IsHeld(string folder, string name)
    {
        try
        {
            using var file = Open(folder, name, FileMode.Open);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException error) when (IsOfAnother(error))
        {
            return true;
        }
    }

    public void Dispose() => file.Dispose();

    private static FileStream Open(string folder, string name, FileMode mode) =>
        new(Path.Combine(folder, name), mode, FileAccess.ReadWrite, FileShare.None);

    // EWOULDBLOCK (Linux 11, macOS 35), or Windows' sharing and lock violations.
    private static bool IsOfAnother(IOException error) => (error.HResult & 0xFFFF) is 11 or 32 or 33 or 35;
}
