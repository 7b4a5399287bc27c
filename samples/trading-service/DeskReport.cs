namespace Trm.Samples.TradingService;

/// <summary>What the desk did.</summary>
/// <param name="Followed">Predictions taken.</param>
/// <param name="Acted">Those it acted on.</param>
/// <param name="FromLog">Those that the stream did not bring.</param>
/// <param name="Renewals">Subscriptions that had gone silent.</param>
/// <param name="Stressed">Answers under stress.</param>
/// <param name="Changed">Those with another strategy.</param>
internal sealed record DeskReport(long Followed, long Acted, long FromLog, long Renewals, long Stressed, long Changed);
