using Trm.Interop.Tests.Clients;
using Trm.Tests.Browser;

namespace Trm.Interop.Tests.Sockets;

/// <summary>A page in Chromium.</summary>
public sealed class BrowserTests(Chromium chromium) : ClientContract, IClassFixture<Chromium>
{
    private protected override Task<InteropClient> StartAsync(Uri server) => BrowserClient.OpenAsync(chromium, server, "sockets.js");

    // A browser offers it whatever a page wants.
    private protected override void AssertAgreement(bool isOffered, bool isAgreed) => Assert.Equal(Deflate.IsAccepted, isAgreed);
}
