namespace Trm.Grains.Placement;

/// <summary>
/// Whether a market that runs here belongs elsewhere: a silo that joins gets its share when the cluster has been quiet for a while,
/// rather than in the middle of the trouble that made it join.
/// </summary>
internal sealed class MarketHome(IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private MembershipVersion seen;
    private long seenAt;

    /// <summary>The market should move.</summary>
    public bool IsElsewhere(string market)
    {
        var now = membership.CurrentSnapshot;
        lock (gate)
        {
            if (seenAt == 0 || now.Version != seen) (seen, seenAt) = (now.Version, time.GetTimestamp());
            if (time.GetElapsedTime(seenAt) < Quiet) return false;
        }
        var active = now.Members.Where(m => m.Value.Status == SiloStatus.Active).Select(m => m.Key).ToList();
        return active.Contains(local.SiloAddress) && !MarketOwner.Of(market, active).Equals(local.SiloAddress);
    }
}
