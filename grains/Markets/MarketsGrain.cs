using Orleans.Concurrency;
using Trm.Core.Markets;
using Trm.GrainInterfaces.Markets;

namespace Trm.Grains.Markets;

[StatelessWorker]
internal sealed class MarketsGrain(IMarketBook book) : Grain, IMarketsGrain
{
    public Task<IReadOnlyList<Market>> ListAsync() => Task.FromResult(book.Markets);
}
