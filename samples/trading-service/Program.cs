// A trading service beside a cluster: follows its markets and acts on what the model is sure of.
//     dotnet run --project samples/trading-service -- --cluster data/cluster/cluster.json --confidence 0.25 --duration 60

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.GrainInterfaces.Clients;
using Trm.Samples.TradingService;
using Trm.Samples.TradingService.Calls;

try
{
    var arguments = Arguments.Parse(args);
    var builder = Host.CreateApplicationBuilder();
    // Actions and statistics are on stdout, the log is on stderr.
    builder.Logging.ClearProviders().AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // What keeps it from starting is told once, below.

    // Section Trm:Cluster, from appsettings.json, the environment (TRM__CLUSTER__CONNECTION) or a local cluster's own file.
    if (arguments.ClusterFile is { } file) builder.Configuration.AddInMemoryCollection(LocalClusterFile.Read(file));
    var cluster = builder.Configuration.GetSection(TrmClusterOptions.Section).Get<TrmClusterOptions>() ?? new TrmClusterOptions();
    builder.UseOrleansClient(client => client.UseTrmCluster(cluster));

    var calls = new ClusterCalls(TimeProvider.System);
    var desk = new TradingDesk(arguments.Confidence, Console.Out);
    builder.Services.AddSingleton(TimeProvider.System).AddSingleton(arguments).AddSingleton(calls).AddSingleton(desk);
    builder.Services.AddHostedService<TradingService>();

    await builder.Build().RunAsync();
    Console.Out.WriteLine(Statistics.Json(desk, calls));
    return 0;
}
catch (OperationCanceledException)
{
    return 0; // Told to stop before it had found the cluster.
}
catch (Exception error) when (error is FormatException or TrmException or IOException)
{
    Console.Error.WriteLine($"trading-service: {error.Message}");
    return error is FormatException ? 2 : 1;
}
