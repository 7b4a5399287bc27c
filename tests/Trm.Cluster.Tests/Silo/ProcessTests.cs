using System.Globalization;
using System.Net;
using Orleans.TestingHost;
using Trm.Cluster.Tests.Support;
using Trm.Core.Predictions;
using Trm.Grains.Placement;
using Trm.Storage.Postgres;
using Trm.Tests;
using Trm.Tests.Postgres;
using Trm.Tests.Telemetry;

namespace Trm.Cluster.Tests.Silo;

/// <summary>The programs themselves, over PostgreSQL, killed as a loss of power does.</summary>
public sealed class ProcessTests(PostgresServer server) : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"trm-cluster-{Guid.NewGuid():N}");
    private readonly List<TrmProcess> processes = [];
    private readonly TestClusterPortAllocator ports = new();
    private string connection = "";
    private IEnumerable<(string Name, string Value)> environment = [];
    private string[] markets = [];
    private int firstPort;

    private string GatewayUrl => Url(6);

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(folder, "markets"));
        (firstPort, _) = ports.AllocateConsecutivePortPairs(8);
        // Where a market runs follows from the silos' addresses: three on the first, two on the second.
        SiloAddress[] silos = [.. new[] { 1, 2 }.Select(number => SiloAddress.New(IPAddress.Loopback, SiloPort(number), 0))];
        var names = Enumerable.Range(1, 100).Select(i => string.Create(CultureInfo.InvariantCulture, $"market-{i}")).ToList();
        markets = [.. names.Where(name => MarketOwner.Of(name, silos).Equals(silos[0])).Take(3), .. names.Where(name => MarketOwner.Of(name, silos).Equals(silos[1])).Take(2)];
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        ports.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Killed_silos_and_a_killed_gateway_leave_no_hole_and_no_duplicate()
    {
        await PrepareAsync();
        var one = await StartSiloAsync(1);
        var two = await StartSiloAsync(2);
        var gateway = await StartGatewayAsync();
        await using var log = await PostgresPredictionLog.OpenAsync(connection, TimeProvider.System);
        await using var client = new ResumingClient(GatewayUrl);
        await HearsOnAsync(client, log, 10);

        await one.KillAsync();
        await HearsOnAsync(client, log, 15);
        one = await StartSiloAsync(1);

        await gateway.KillAsync();
        var connections = client.Connections;
        gateway = await StartGatewayAsync();
        await client.SubscribedAsync(connections + 1);
        await HearsOnAsync(client, log, 10);

        await two.KillAsync();
        await HearsOnAsync(client, log, 15);
        Assert.False(one.HasExited || gateway.HasExited);

        foreach (var market in markets)
        {
            client.AssertOnceAndInOrder(market);
            var all = await ReadAllAsync(log, market);
            Assert.Equal(Enumerable.Range(1, all.Count).Select(i => (long)i), all.Select(p => p.Sequence));
            Assert.Single(all.Select(p => p.Epoch).Distinct());
        }
    }

    [Fact]
    public async Task A_prediction_is_one_trace_from_its_silo_over_the_stream_to_the_gateways_sockets()
    {
        string[] way = ["trm.snapshot", "trm.predict", "trm.queue", "trm.infer", "trm.append", "trm.publish", "trm.deliver"];
        await PrepareAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        environment = [.. receiver.Environment, OtlpReceiver.EveryPredictionWaits];
        await StartSiloAsync(1);
        await StartSiloAsync(2);
        await StartGatewayAsync();
        await using var client = new ResumingClient(GatewayUrl);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));

        var one = await receiver.TraceAsync(way, limit.Token);
        var other = await receiver.TraceAsync(way, limit.Token, trace => trace[0].Instance != one[0].Instance);

        Assert.All([one, other], trace =>
        {
            Assert.Equal(way, trace.Select(span => span.Name));
            Assert.Equal(["", "trm.snapshot", "trm.predict", "trm.predict", "trm.snapshot", "trm.snapshot", "trm.snapshot"], OtlpSpan.ParentsOf(trace));
            Assert.Equal([.. Enumerable.Repeat("trm-silo", 6), "trm-gateway"], trace.Select(span => span.Service));
        });
    }

    [Theory]
    [InlineData("Trm.Silo", "--Trm:Interval=soon", "Trm:Interval")]
    [InlineData("Trm.Silo", "--Trm:Threads=0", "Trm:Threads is 0; it must be from 1 to 16")]
    [InlineData("Trm.Silo", "nonsense", "'nonsense' is not understood; write --key=value, like --Trm:Interval=5")]
    [InlineData("Trm.Gateway.Host", "--Trm:Cluster:StreamQueues=0", "Trm:Cluster:StreamQueues is 0; it must be from 1 to 256")]
    [InlineData("Trm.Gateway.Host", "--Trm:Gateway:QueueLimit=0", "Trm:Gateway:QueueLimit")]
    public async Task A_bad_setting_is_one_line_and_exit_code_2(string program, string argument, string line)
    {
        var process = TrmProcess.Start(program, folder, argument);
        processes.Add(process);
        Assert.Equal(2, await process.ExitAsync());
        Assert.Contains(line, Assert.Single(process.Told.Split('\n')), StringComparison.Ordinal);
    }

    private async Task PrepareAsync()
    {
        connection = await server.CreateDatabaseAsync();
        var definition = await File.ReadAllTextAsync(Path.Combine(SharedData.RepositoryRoot, "markets", "us-equities.json"));
        foreach (var market in markets)
            await File.WriteAllTextAsync(Path.Combine(folder, "markets", $"{market}.json"), definition.Replace("us-equities", market, StringComparison.Ordinal));
    }

    // Every market goes on: so many predictions more than its log had a moment ago reach the client.
    private async Task HearsOnAsync(ResumingClient client, IPredictionLog log, int more)
    {
        var from = new Dictionary<string, long>();
        foreach (var market in markets) from[market] = (await log.OpenAsync(market)).Sequence;
        foreach (var market in markets) await client.HeardAsync(market, from[market] + more);
    }

    private static async Task<List<Prediction>> ReadAllAsync(IPredictionLog log, string market)
    {
        var all = new List<Prediction>();
        while (await log.ReadAsync(market, new LogQuery { After = all.Count, Limit = LogQuery.MaxLimit }) is { Count: > 0 } page) all.AddRange(page);
        return all;
    }

    private async Task<TrmProcess> StartSiloAsync(int number)
    {
        var process = TrmProcess.Start(
            "Trm.Silo", folder, environment, [.. Common(), $"--Trm:Markets={Path.Combine(folder, "markets")}", "--Trm:Market=*", "--Trm:Source=simulated", "--Trm:Interval=0.2",
            "--Trm:Device=cpu", $"--Trm:Cluster:SiloName=silo-{number}", $"--Trm:Cluster:SiloPort={SiloPort(number)}", $"--Trm:Cluster:GatewayPort={SiloPort(number) + 1}",
            // A machine ten times slower must not take a busy silo for a dead one.
            "--Trm:Cluster:ProbeTimeout=00:00:03", "--Trm:Cluster:MissedProbes=3",
            $"--Trm:Cluster:OperatorUrls={Url(3 + number)}", "--Trm:Cluster:Dashboard=false"]);
        processes.Add(process);
        await process.ReadyAsync($"{Url(3 + number)}/health/ready");
        return process;
    }

    private async Task<TrmProcess> StartGatewayAsync()
    {
        var process = TrmProcess.Start("Trm.Gateway.Host", folder, environment, [.. Common(), $"--Trm:Urls={GatewayUrl}"]);
        processes.Add(process);
        await process.ReadyAsync($"{GatewayUrl}/health/ready");
        return process;
    }

    private int SiloPort(int number) => firstPort + 2 * (number - 1);

    private string[] Common() => [$"--Trm:Cluster:Connection={connection}", "--Trm:Cluster:ClusterId=process-tests", $"--Trm:Data={folder}"];

    private string Url(int offset) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{firstPort + offset}");
}
