using Orleans.Placement;

namespace Trm.Grains.Placement;

/// <summary>
/// A grain whose key is a market lives on that market's silo: its source, strategy and history beside each other, so that their
/// calls leave no process, and the markets spread over the silos.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class MarketPlacementAttribute() : PlacementAttribute(MarketPlacement.Instance);
