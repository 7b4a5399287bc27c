namespace Trm.Cli.Top;

/// <summary>How a service was at a moment.</summary>
/// <param name="Health">The whole of it.</param>
/// <param name="Markets">Its markets, and the newest prediction of those that have one.</param>
internal sealed record ServiceSample(HealthAnswer Health, IReadOnlyList<(MarketAnswer Market, LatestAnswer? Latest)> Markets);
