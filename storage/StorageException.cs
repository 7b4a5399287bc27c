using Trm.Core;

namespace Trm.Storage;

/// <summary>
/// A data folder or file that cannot be used: <c>storage_unavailable</c> (folder, disk, rights),
/// <c>storage_busy</c> (another process writes), <c>storage_corrupt</c> (not a database, or a damaged one) or
/// <c>storage_too_new</c> (written by a later version).
/// </summary>
/// <param name="code">One of the above.</param>
/// <param name="message">One line that names the path and what to do.</param>
/// <param name="inner">What SQLite or the file system said.</param>
public sealed class StorageException(string code, string message, Exception? inner = null) : TrmException(code, message, inner)
{
    /// <inheritdoc/>
    public override string PublicMessage => "the service's store cannot be used now; try again, its log says why";
}
