using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trm.Core.Predictions;
using Trm.Gateway.Connections;

namespace Trm.Gateway.Tests.Support;

/// <summary>The gateway on a real socket of this machine.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private GatewayHost(WebApplication app, FakeFeed feed)
    {
        this.app = app;
        Feed = feed;
        Http = new HttpClient { BaseAddress = Address };
    }

    public FakeFeed Feed { get; }

    public HttpClient Http { get; }

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public ConnectionRegistry Connections => app.Services.GetRequiredService<ConnectionRegistry>();

    public static async Task<GatewayHost> StartAsync(
        FakeFeed? feed = null, TimeProvider? time = null, Action<GatewayOptions>? options = null, Action<IServiceCollection>? services = null,
        IReadOnlyDictionary<string, string?>? settings = null, ILoggerProvider? logs = null, Uri? address = null)
    {
        feed ??= new FakeFeed("m");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null) builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        if (settings is not null) builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.UseUrls(address?.ToString() ?? "http://127.0.0.1:0");
        builder.Services.AddSingleton<IPredictionFeed>(feed);
        if (time is not null) builder.Services.AddSingleton(time);
        services?.Invoke(builder.Services);
        builder.Services.AddTrmGateway(options);
        var app = builder.Build();
        app.MapTrmGateway();
        await app.StartAsync();
        return new GatewayHost(app, feed);
    }

    public async Task<TestSocket> ConnectAsync(string clientId = "dashboard-1", HttpMessageInvoker? invoker = null, string? key = null, string? origin = null)
    {
        var socket = new ClientWebSocket();
        if (key is not null) socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        await socket.ConnectAsync(new Uri($"ws://{Address.Authority}/ws/{clientId}"), invoker, CancellationToken.None);
        return new TestSocket(socket);
    }

    /// <summary>Waits for something the server does on its own threads.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token);
        }
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        // A test may leave clients that answer no close.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }
}
