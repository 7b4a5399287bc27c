using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trm.Gateway.Access;

/// <summary>Says at the start who may come in. Every second: keys that were added or revoked take effect, and the streams of those whose access ended end.</summary>
internal sealed class AccessWatch(ApiKeys keys, Seats seats, IOptions<AccessOptions> options, IServer server, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<AccessWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var started = lifetime.ApplicationStarted.Register(Tell);
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                keys.Refresh();
                seats.Evict(keys.StillAdmits);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void Tell()
    {
        var access = options.Value;
        if (!keys.IsRequired)
        {
            Log.AccessOpen(logger);
            return;
        }
        Log.AccessControlled(logger, access.KeysFile ?? "no file", access.Keys.Count, access.Jwt?.Authority ?? access.Jwt?.Issuer ?? "no provider");
        foreach (var address in access.Proxies.Count > 0 ? [] : server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (BindingAddress.Parse(address) is { Scheme: "http" } plain && !IsLoopback(plain.Host)) Log.KeysInTheClear(logger, address);
        }
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
