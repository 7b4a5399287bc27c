using System.Net;
using System.Net.Sockets;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Hosting;

namespace Trm.Cli.Tests.Doctor;

public sealed class PortsCheckTests : IDisposable
{
    private readonly HttpClient http = new();
    private readonly HealthProbe probe = new();

    public void Dispose()
    {
        http.Dispose();
        probe.Dispose();
    }

    [Fact]
    public async Task Free_ports_are_ok_and_each_address_has_its_line()
    {
        var found = await Look.AtAsync(Check($"http://127.0.0.1:0;http://localhost:{FreePort()}"));

        Assert.Equal("Ok: http://127.0.0.1:0: any free port", found[0]);
        Assert.EndsWith(" is free", found[1]);
    }

    [Theory]
    [InlineData(200, """{"status":"ready"}""", "Ok: ", "a trm is there, and ready")]
    [InlineData(503, """{"detail":"markets: us-equities: storage_busy"}""", "Fail: ", "not ready: markets: us-equities: storage_busy")]
    public async Task A_port_that_a_trm_has_is_as_well_as_that_trm(int status, string ready, string verdict, string found)
    {
        await using var server = await AnsweringServer.StartAsync(("/health/live", 200, """{"status":"live"}"""), ("/health/ready", status, ready));

        var line = await Look.AtOneAsync(Check(server.Address.ToString()));

        Assert.StartsWith(verdict, line);
        Assert.Contains(found, line);
    }

    [Fact]
    public async Task A_port_that_another_program_has_fails()
    {
        await using var server = await AnsweringServer.StartAsync(("/health/live", 200, "[]"), ("/health/ready", 200, "fine"));

        Assert.EndsWith("is taken by another program; free it, or choose another with --urls", await Look.AtOneAsync(Check(server.Address.ToString())));
    }

    [Fact]
    public async Task A_port_whose_program_says_nothing_fails_and_says_that()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        http.Timeout = TimeSpan.FromMilliseconds(100);

        Assert.Contains("is taken by a program that does not answer", await Look.AtOneAsync(Check($"http://{silent.LocalEndpoint}")));
    }

    [Fact]
    public async Task An_address_that_is_not_this_machines_fails() =>
        Assert.Contains("cannot be listened on (AddressNotAvailable)", await Look.AtOneAsync(Check("http://192.0.2.1:8000")));

    [Fact]
    public async Task What_a_service_would_refuse_to_listen_on_is_a_failure_with_its_reason()
    {
        var check = new PortsCheck("http://0.0.0.0:0", () => throw new UsageException("make a key"), http, probe);

        Assert.Equal("make a key", (await Assert.ThrowsAsync<UsageException>(() => check.LookAsync(TestContext.Current.CancellationToken))).Message);
    }

    private PortsCheck Check(string urls) => new(urls, () => { }, http, probe);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
