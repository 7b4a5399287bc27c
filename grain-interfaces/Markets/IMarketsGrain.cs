using Trm.Core.Markets;

namespace Trm.GrainInterfaces.Markets;

/// <summary>The markets that this cluster serves. Key 0; any silo answers.</summary>
[Alias("trm.markets")]
public interface IMarketsGrain : IGrainWithIntegerKey
{
    /// <summary>All of them, in the order of their definitions.</summary>
    [Alias("list")]
    Task<IReadOnlyList<Market>> ListAsync();
}
