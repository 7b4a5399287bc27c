using Orleans.Runtime.Placement;

namespace Trm.Grains.Placement;

/// <summary>Puts a market's grains on its owner among the silos that can run them.</summary>
internal sealed class MarketPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(MarketOwner.Of(target.GrainIdentity.Key.ToString()!, context.GetCompatibleSilos(target)));
}
