namespace Trm.Bench.Chaos.Verdicts;

/// <summary>One log as the database has it.</summary>
/// <param name="Market">Whose.</param>
/// <param name="Epoch">The log's.</param>
/// <param name="Count">Rows.</param>
/// <param name="Distinct">Sequences.</param>
/// <param name="First">Its first sequence; 0 when it is empty.</param>
/// <param name="Last">Its last one; 0 when it is empty.</param>
internal sealed record MarketLog(string Market, Guid Epoch, long Count, long Distinct, long First, long Last)
{
    /// <summary>Sequences between 1 and the last that are not there.</summary>
    public long Holes => Last - Distinct;

    /// <summary>Rows more than sequences.</summary>
    public long Duplicates => Count - Distinct;
}
