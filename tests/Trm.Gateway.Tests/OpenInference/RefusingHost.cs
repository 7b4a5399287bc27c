using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.OpenInference;

/// <summary>A gateway for requests that must be refused: its model fails when it is asked, so none that reaches it is a 4xx.</summary>
public sealed class RefusingHost : IAsyncLifetime
{
    private GatewayHost? host;

    public HttpClient Http => host!.Http;

    public async ValueTask InitializeAsync() => host = await V2.StartAsync(new FakePredictor { Meanwhile = () => throw new InvalidOperationException("the model was asked") });

    public ValueTask DisposeAsync() => host!.DisposeAsync();
}
