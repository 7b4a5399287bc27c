using Trm.Core;

namespace Trm.Cli.Hosting;

/// <summary>
/// Held by one process at a time, such as the one that writes a data folder's prediction log. The system releases it when
/// the process dies, however it dies.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>The lock, or null when another process holds it.</summary>
    public static FolderLock? TryTake(string folder, string name)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderLock(new FileStream(Path.Combine(folder, name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
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
