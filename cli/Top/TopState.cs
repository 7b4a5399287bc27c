using Trm.Core;

namespace Trm.Cli.Top;

/// <summary>What <c>trm top</c> knows of a service: the newest sample, rates since it looks, and whether the service answers.</summary>
/// <param name="url">The service.</param>
/// <param name="time">The clock.</param>
internal sealed class TopState(Uri url, TimeProvider time)
{
    private readonly Dictionary<(string Market, Guid Epoch), RateWindow> predictions = [];
    private readonly RateWindow sent = new(time);
    private readonly RateWindow conflated = new(time);
    private readonly RateWindow dropped = new(time);

    public Uri Url => url;

    /// <summary>When it was last looked at.</summary>
    public DateTimeOffset At { get; private set; }

    /// <summary>The newest answer, which may be old when there is a <see cref="Fault"/>; null before the first.</summary>
    public ServiceSample? Sample { get; private set; }

    /// <summary>Why it does not answer now; null when it does.</summary>
    public string? Fault { get; private set; }

    /// <summary>Since when it does not answer.</summary>
    public DateTimeOffset? FaultSince { get; private set; }

    /// <summary>Messages a second; null until there are two samples of a service that counts them.</summary>
    public (double Sent, double Conflated, double Dropped)? MessageRates =>
        sent.PerSecond is { } s && conflated.PerSecond is { } c && dropped.PerSecond is { } d ? (s, c, d) : null;

    /// <summary>A market's predictions a second; null until there are two samples.</summary>
    public double? Rate(MarketAnswer market) => predictions.GetValueOrDefault((market.Market, market.Epoch))?.PerSecond;

    /// <summary>Asks once. A service that does not answer is noted, and asked again next time.</summary>
    public async Task LookAsync(ServiceClient client, CancellationToken cancellation)
    {
        try
        {
            Take(await client.AskAsync(cancellation).ConfigureAwait(false));
        }
        catch (TrmException error)
        {
            At = time.GetUtcNow();
            Fault = error.Message;
            FaultSince ??= At;
        }
    }

    private void Take(ServiceSample sample)
    {
        (At, Sample, Fault, FaultSince) = (time.GetUtcNow(), sample, null, null);
        foreach (var (market, _) in sample.Markets)
        {
            if (!predictions.TryGetValue((market.Market, market.Epoch), out var window))
                predictions[(market.Market, market.Epoch)] = window = new RateWindow(time);
            window.Add(market.Sequence);
        }
        if (sample.Health.Messages is not { } messages) return;
        sent.Add(messages.Sent);
        conflated.Add(messages.Conflated);
        dropped.Add(messages.Dropped);
    }
}
