using Trm.Core.Predictions;

namespace Trm.Storage.Predictions;

/// <summary>A log in a database that can be restored from a backup.</summary>
public interface IStoredLog : IPredictionLog
{
    /// <summary>
    /// Gives the log of each market another epoch and keeps its predictions. To be called after a restore: the sequences after the
    /// backup are given a second time, and a client that saw the first ones must not take the second for their continuation.
    /// </summary>
    /// <returns>The markets that have a log, by id.</returns>
    /// <exception cref="StorageException">The database cannot be used.</exception>
    Task<IReadOnlyList<string>> RenewEpochsAsync(CancellationToken cancellation = default);
}
