using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Host = Trm.Gateway.Host.Hosting.GatewayHost;

namespace Trm.Cluster.Tests.Support;

/// <summary>The gateway over a test cluster, on a real socket of this machine.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestGateway(WebApplication app)
    {
        this.app = app;
        Http = new HttpClient { BaseAddress = new Uri(Address), Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Http { get; }

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<TestGateway> StartAsync(TestCluster cluster)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(cluster.Client);
        Host.AddCluster(builder.Services);
        // What a client missed is to come out of the log, through the cluster, and not out of this process's memory.
        builder.Services.Configure<Trm.Gateway.GatewayOptions>(gateway => gateway.RecentLimit = 1);
        var app = builder.Build();
        Host.Map(app);
        await app.StartAsync();
        return new TestGateway(app);
    }

    /// <summary>Completes when it says that it is ready.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(async () => await StatusAsync("/health/ready") == HttpStatusCode.OK);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }
}
