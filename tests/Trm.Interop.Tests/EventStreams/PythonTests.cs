using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.EventStreams;

/// <summary>Python's standard library.</summary>
public sealed class PythonTests : EventStreamContract
{
    private protected override Task<InteropClient> StartAsync(Uri server) => Python.StartEventsAsync();
}
