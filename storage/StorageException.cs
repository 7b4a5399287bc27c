using Trm.Core;

namespace Trm.Storage;

/// <summary>
/// A store that cannot be used: <c>storage_unavailable</c> (folder, disk, rights; a server that does not answer),
/// <c>storage_busy</c> (another process writes), <c>storage_corrupt</c> (not a database, or a damaged one),
/// <c>storage_too_new</c> (written by a later version), <c>storage_not_initialised</c> (a database without our tables),
/// <c>storage_refused</c> (a row that PostgreSQL does not take) or <c>postgres_missing</c> (no PostgreSQL on this machine).
/// </summary>
/// <param name="code">One of the above.</param>
/// <param name="message">One line that names the path or the server and what to do.</param>
/// <param name="inner">What the database or the file system said.</param>
public sealed class StorageException(string code, string message, Exception? inner = null) : TrmException(code, message, inner)
{
    /// <inheritdoc/>
    public override string PublicMessage => "the service's store cannot be used now; try again, its log says why";
}
