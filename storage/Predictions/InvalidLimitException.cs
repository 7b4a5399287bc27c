using Trm.Core;
using Trm.Core.Predictions;

namespace Trm.Storage.Predictions;

/// <summary>A <see cref="LogQuery.Limit"/> that no read can keep.</summary>
/// <param name="limit">The limit asked for.</param>
public sealed class InvalidLimitException(int limit) : TrmException(
    "invalid_limit", $"limit {limit} is not from 1 to {LogQuery.MaxLimit}; ask again with 'after' for the rest");
