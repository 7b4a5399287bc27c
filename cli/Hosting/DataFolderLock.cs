using Trm.Core;

namespace Trm.Cli.Hosting;

/// <summary>
/// Held by the one process that writes a data folder's prediction log. The system releases it when the process
/// dies, however it dies.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream file;

    private DataFolderLock(FileStream file) => this.file = file;

    /// <summary>The lock, or null when another process holds it.</summary>
    public static DataFolderLock? TryTake(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new DataFolderLock(new FileStream(Path.Combine(folder, "predictions.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when ((error.HResult & 0xFFFF) is 11 or 32 or 33 or 35)
        {
            return null; // EWOULDBLOCK (Linux 11, macOS 35), or Windows' sharing and lock violations.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrmException("storage_unavailable", $"data folder {folder} cannot be written ({error.Message}); choose another with --data or TRM_DATA", error);
        }
    }

    public void Dispose() => file.Dispose();
}
