namespace Trm.MarketData.Import;

/// <summary>A row that was not taken.</summary>
/// <param name="Line">Its line in the file, the header being 1; in a list of bars its place, from 1.</param>
/// <param name="Reason">For people; names the value and the rule.</param>
/// <param name="Text">The row as it was given, at most 4,096 characters of it.</param>
public sealed record RejectedRow(long Line, string Reason, string Text);
