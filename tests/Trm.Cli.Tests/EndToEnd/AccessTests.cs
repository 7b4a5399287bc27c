using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.EndToEnd;

public sealed class AccessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));

    public void Dispose()
    {
        limit.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_running_server_hears_of_keys_that_are_made_and_revoked()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, null));
        using var anyone = await SocketClient.ConnectAsync(address, "anyone", limit.Token);

        var key = (await TrmProcess.RunAsync(folder.Path, ["keys", "add", "desk"])).Output.Trim();
        Assert.Equal(4001, await anyone.CloseCodeAsync(limit.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(address, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, key));
        using var socket = await SocketClient.ConnectAsync(address, "desk", limit.Token, key);
        await socket.NextAsync("trm_prediction", limit.Token);

        Assert.Equal(0, (await TrmProcess.RunAsync(folder.Path, ["keys", "revoke", key.Split('_')[1]])).Code);
        Assert.Equal(4001, await socket.CloseCodeAsync(limit.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(address, key));
        Assert.DoesNotContain(key.Split('_', 3)[2], server.Errors);
    }

    [Fact]
    public async Task With_a_key_other_machines_are_served_by_whatever_name_they_use()
    {
        var key = (await TrmProcess.RunAsync(folder.Path, ["keys", "add", "desk"])).Output.Trim();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--urls", "http://0.0.0.0:0");
        await using var _ = server;
        var here = new UriBuilder(address) { Host = "127.0.0.1" }.Uri;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(here, key, "desk.example"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(here, null, "desk.example"));
        await server.SaysAsync("keys travel in the clear");
    }

    [Fact]
    public async Task It_serves_https_with_a_certificate_from_the_configuration()
    {
        WriteCertificate();
        var (server, address) = await TrmProcess.ServeAsync(folder.Path, "--urls", "https://127.0.0.1:0");
        await using var _ = server;
        Assert.Equal("https", address.Scheme);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, null));

        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost";
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "wss", Path = "/ws/desk" }.Uri, limit.Token);
        var first = await socket.ReceiveAsync(new byte[16 * 1024], limit.Token);
        Assert.Equal(WebSocketMessageType.Text, first.MessageType);
    }

    private void WriteCertificate()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(folder["tls.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(folder["tls.key"], rsa.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(folder["appsettings.json"], $$"""{ "Kestrel": { "Certificates": { "Default": { "Path": "{{folder["tls.pem"]}}", "KeyPath": "{{folder["tls.key"]}}" } } } }""");
    }

    private async Task<HttpStatusCode> StatusAsync(Uri address, string? key, string? host = null)
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
        using var http = new HttpClient(handler) { BaseAddress = address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/markets") { Headers = { Host = host } };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.SendAsync(request, limit.Token);
        return response.StatusCode;
    }
}
