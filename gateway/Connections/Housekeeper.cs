using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>
/// One timer for all connections: heartbeats, writes that stall, closes that nobody answers. A timer for each
/// connection or message would cost more than what it guards.
/// </summary>
internal sealed class Housekeeper(ConnectionRegistry connections, IHostApplicationLifetime lifetime, IOptions<GatewayOptions> options, TimeProvider time)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private ITimer? timer;
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
        stopping = lifetime.ApplicationStopping.Register(connections.Drain);
        return Task.CompletedTask;
    }

    // The web server stops before this service does, so the timer still cuts those who do not answer the close.
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        timer?.Dispose();
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
}
