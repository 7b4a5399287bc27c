namespace Trm.Core.Bars;

/// <summary>All bars of one market for one date, as far as they are known.</summary>
/// <param name="Date">The exchange's date.</param>
/// <param name="Bars">By symbol; a symbol without a bar is absent.</param>
public sealed record Session(DateOnly Date, IReadOnlyDictionary<string, Bar> Bars);
