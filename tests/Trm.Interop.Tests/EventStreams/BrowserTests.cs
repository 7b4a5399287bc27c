using Trm.Interop.Tests.Clients;
using Trm.Tests.Browser;

namespace Trm.Interop.Tests.EventStreams;

/// <summary>Chromium's EventSource.</summary>
public sealed class BrowserTests(Chromium chromium) : EventStreamContract, IClassFixture<Chromium>
{
    private protected override Task<InteropClient> StartAsync(Uri server) => BrowserClient.OpenAsync(chromium, server, "events.js");
}
