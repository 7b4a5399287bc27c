using System.Collections.Frozen;
using System.Security.Claims;
using Trm.Core.Markets;

namespace Trm.Gateway.Access;

/// <summary>The markets that a caller may see. One it may not see does not exist for it: it gets the answer of a market that is not served.</summary>
internal sealed class MarketAccess
{
    private readonly FrozenSet<string>? ids;

    private MarketAccess(FrozenSet<string>? ids) => this.ids = ids;

    /// <summary>Every market, later ones included.</summary>
    public static MarketAccess All { get; } = new(null);

    /// <summary>No market.</summary>
    public static MarketAccess None { get; } = new([]);

    public static MarketAccess To(IEnumerable<string> markets) => new(markets.ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Of whoever makes the request; someone that no scheme of this gateway let in sees none.</summary>
    public static MarketAccess Of(ClaimsPrincipal user) => Caller.Of(user)?.Markets ?? None;

    public bool Sees(string market) => ids is null || ids.Contains(market);

    /// <summary>Those of the markets that may be seen, in their order.</summary>
    public IReadOnlyList<Market> Visible(IReadOnlyList<Market> markets) => ids is null ? markets : [.. markets.Where(m => ids.Contains(m.Id))];
}
