using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Trm.Bench.FanOut.SignalR;

// A peer of `trm bench fanout`: SignalR with its JSON protocol, in a host with the same Kestrel settings as the gateway's.
//
// Protocol with the bench: a first line of JSON on stdout, then lines on stdin, `go N`: up to N broadcasts in all are to be
// made. The end of the input ends it.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
// The bench's clients say nothing after they opened.
builder.Services.AddSignalR(hub => hub.ClientTimeoutInterval = TimeSpan.FromHours(1));
var app = builder.Build();
app.MapHub<PredictionHub>("/hub");
await app.StartAsync().ConfigureAwait(false);

var template = (await File.ReadAllTextAsync(args[0]).ConfigureAwait(false)).TrimEnd();
var broadcaster = new Broadcaster(app.Services.GetRequiredService<IHubContext<PredictionHub>>(), template, TimeProvider.System);
_ = Task.Run(broadcaster.RunAsync);

var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
Console.Out.WriteLine(JsonSerializer.Serialize(new { ready = true, port = address.Port, name = "SignalR", version = $"ASP.NET Core {Environment.Version}" }));
while (Console.In.ReadLine() is { } line) broadcaster.Grant(long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
Environment.Exit(0);
