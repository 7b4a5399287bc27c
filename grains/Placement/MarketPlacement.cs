namespace Trm.Grains.Placement;

/// <summary>By the market's id alone; see <see cref="MarketOwner"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("trm.market-placement")]
internal sealed class MarketPlacement : PlacementStrategy
{
    public static MarketPlacement Instance { get; } = new();
}
