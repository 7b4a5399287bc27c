using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trm.Core.Local;
using Trm.Core.Markets;
using Trm.Core.Predictions;
using Trm.Gateway;
using Trm.Hosting;

namespace Trm.Bench.FanOut.Server;

/// <summary>The gateway as <c>trm serve</c> hosts it, over a feed in memory in the place of a pipeline.</summary>
internal static class BenchHost
{
    public const string MarketId = "eq";

    public static WebApplication Build(IConfiguration configuration, LocalPredictionFeed feed, FaultCounter faults)
    {
        const string urls = "http://127.0.0.1:0";
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(urls);
        ServiceLogging.Configure(builder.Logging, configuration);
        builder.Logging.AddProvider(faults);

        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IPredictionFeed>(feed);
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = [.. BindingRules.AllowedHosts(urls, false)]);
        builder.Services.AddTrmGateway();

        var app = builder.Build();
        app.UseHostFiltering();
        app.MapTrmGateway();
        return app;
    }

    public static Market Market { get; } = new()
    {
        Id = MarketId, Benchmark = "SPY", Bond = "TLT", VolatilityIndex = "VIX", Members = ["SPY", "TLT"],
    };

    /// <summary>Where it listens, once it was started.</summary>
    public static int Port(WebApplication app) => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
}
