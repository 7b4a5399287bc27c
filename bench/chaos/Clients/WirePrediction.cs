namespace Trm.Bench.Chaos.Clients;

/// <summary>Of a prediction on the wire what the ledger needs.</summary>
/// <param name="Market">Index of the market.</param>
/// <param name="Epoch">The log's epoch.</param>
/// <param name="Sequence">Its place there.</param>
/// <param name="Made">When it was made.</param>
internal readonly record struct WirePrediction(int Market, Guid Epoch, long Sequence, DateTimeOffset Made);
