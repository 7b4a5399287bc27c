using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// One timer for all connections: heartbeats, writes that stall, peers that vanished, closes that nobody answers, the drain.
/// A timer for each connection or message would cost more than what it guards.
/// </summary>
internal sealed class Housekeeper(ConnectionRegistry connections, IHostApplicationLifetime lifetime, IOptions<GatewayOptions> options, TimeProvider time)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(50);

    /// <summary>What the next server is asked to take while this one drains.</summary>
    private const double DrainedPerSecond = 1_000;

    private ITimer? timer;
    private ITimer? drain;
    private CancellationTokenRegistration stopping;
    private long lastHeartbeat;
    private long started;

    /// <summary>Since the gateway came up.</summary>
    public TimeSpan Uptime => time.GetElapsedTime(started);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        started = time.GetTimestamp();
        lastHeartbeat = time.GetTimestamp();
        timer = time.CreateTimer(_ => Tick(), null, Period, Period);
        stopping = lifetime.ApplicationStopping.Register(Drain);
        return Task.CompletedTask;
    }

    // The web server stops before this service does, so the timers still cut those who do not answer the close.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        timer?.Dispose();
        drain?.Dispose();
        stopping.Dispose();
    }

    private void Tick()
    {
        connections.Sweep();
        // By the monotonic clock: setting the wall clock back must not silence it.
        if (time.GetElapsedTime(lastHeartbeat) < options.Value.HeartbeatInterval) return;
        lastHeartbeat = time.GetTimestamp();
        connections.Notify(ServerMessages.Heartbeat(time.GetUtcNow()));
    }

    // A few clients are let go at once, thousands over the whole window.
    private void Drain()
    {
        var needed = TimeSpan.FromSeconds((connections.Count - 1) / DrainedPerSecond);
        var window = needed < options.Value.DrainWindow ? needed : options.Value.DrainWindow;
        connections.Drain(window < TimeSpan.Zero ? TimeSpan.Zero : window);
        drain = time.CreateTimer(_ => connections.CloseDue(), null, DrainPeriod, DrainPeriod);
    }
}
