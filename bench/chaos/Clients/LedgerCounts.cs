namespace Trm.Bench.Chaos.Clients;

/// <summary>What went wrong with one client's sequences, or with those of all.</summary>
/// <param name="Received">Predictions that counted.</param>
/// <param name="Twice">Sequences that came again.</param>
/// <param name="OutOfOrder">Sequences that came after later ones.</param>
/// <param name="Holes">Sequences that did not come, the end included.</param>
/// <param name="Resyncs">Times that the server could not resume.</param>
/// <param name="Strangers">Predictions of another epoch, or of markets not subscribed.</param>
internal readonly record struct LedgerCounts(long Received, long Twice, long OutOfOrder, long Holes, long Resyncs, long Strangers)
{
    /// <summary>Whether each sequence came once and in order.</summary>
    public bool IsClean => Twice + OutOfOrder + Holes + Resyncs + Strangers == 0;

    public static LedgerCounts operator +(LedgerCounts a, LedgerCounts b) => new(
        a.Received + b.Received, a.Twice + b.Twice, a.OutOfOrder + b.OutOfOrder, a.Holes + b.Holes, a.Resyncs + b.Resyncs, a.Strangers + b.Strangers);
}
