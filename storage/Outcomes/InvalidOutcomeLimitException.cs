using Trm.Core;
using Trm.Core.Outcomes;

namespace Trm.Storage.Outcomes;

/// <summary>A <see cref="OutcomeQuery.Limit"/> that no read can keep.</summary>
/// <param name="limit">The limit asked for.</param>
public sealed class InvalidOutcomeLimitException(int limit) : TrmException(
    "invalid_limit", $"limit {limit} is not from 1 to {OutcomeQuery.MaxLimit}; ask again with 'after' for the rest")
{
    internal static void ThrowIfOutside(int limit)
    {
        if (limit is < 1 or > OutcomeQuery.MaxLimit) throw new InvalidOutcomeLimitException(limit);
    }
}
