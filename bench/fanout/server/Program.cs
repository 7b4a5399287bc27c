using System.Text.Json;
using Trm.Bench.FanOut.Server;
using Trm.Core.Local;
using Trm.Hosting;

// The gateway in `trm bench fanout`, told what to publish by lines on stdin. With --meters it also counts what the gateway's
// metrics say. Other arguments are configuration, like --Trm:Gateway:QueueLimit=64.
var meters = args.Contains("--meters", StringComparer.Ordinal);
var configuration = ServiceConfiguration.Build(ServiceConfiguration.Parse(args.Where(a => a != "--meters")));
using var faults = new FaultCounter();
using var meter = meters ? new GatewayMeter() : null;
var log = new MemoryLog();
var feed = new LocalPredictionFeed([BenchHost.Market], log);
var app = BenchHost.Build(configuration, feed, faults);
await app.StartAsync().ConfigureAwait(false);

var greeting = new { ready = true, port = BenchHost.Port(app), name = "trm gateway", version = $".NET {Environment.Version}", market = BenchHost.MarketId, epoch = log.Epoch };
Console.Out.WriteLine(JsonSerializer.Serialize(greeting));
var publisher = new Publisher(feed, log, new SamplePredictions(BenchHost.MarketId, log.Epoch), TimeProvider.System);
new ControlLines(publisher, meter, faults, Console.In, Console.Out).Run();
// The bench has what it wanted: no drain.
Environment.Exit(0);
