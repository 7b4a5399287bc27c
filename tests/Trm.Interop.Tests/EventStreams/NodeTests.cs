using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.EventStreams;

/// <summary>npm's <c>eventsource</c>.</summary>
public sealed class NodeTests : EventStreamContract
{
    private protected override Task<InteropClient> StartAsync(Uri server) => NodeJs.StartAsync("events.mjs");
}
