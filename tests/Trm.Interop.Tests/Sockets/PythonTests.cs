using Trm.Interop.Tests.Clients;

namespace Trm.Interop.Tests.Sockets;

/// <summary>Python's <c>websockets</c>.</summary>
public sealed class PythonTests : FramingContract
{
    private protected override Task<InteropClient> StartAsync(Uri server) => Python.StartSocketsAsync();
}
