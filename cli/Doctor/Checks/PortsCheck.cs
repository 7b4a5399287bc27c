using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Trm.Hosting;

namespace Trm.Cli.Doctor.Checks;

/// <summary>What <c>--urls</c> names is free, or taken by a trm that does its work.</summary>
/// <param name="urls">What to listen on.</param>
/// <param name="checkRules">Throws when a service would refuse to listen there (other machines, and no key).</param>
/// <param name="http">To ask who is there.</param>
/// <param name="probe">To ask whether it is ready.</param>
internal sealed class PortsCheck(string urls, Action checkRules, HttpClient http, HealthProbe probe) : IDoctorCheck
{
    public string Name => "ports";

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        checkRules();
        return await Task.WhenAll(BindingRules.Addresses(urls).Select(address => LookAsync(address, cancellation))).ConfigureAwait(false);
    }

    private async Task<Finding> LookAsync(BindingAddress address, CancellationToken cancellation)
    {
        if (address.Port == 0) return Finding.Ok($"{address}: any free port");
        if (Listen(address) is not { } refusal) return Finding.Ok($"{address} is free");
        if (refusal != SocketError.AddressAlreadyInUse)
            return Finding.Fail($"{address} cannot be listened on ({refusal})", "name an address of this machine with --urls, and a port from 1024 up unless you are root");
        if (address.Scheme == Uri.UriSchemeHttps) return Finding.Warn($"{address} is taken; who has it is not asked over https", "if that is not your trm, free it or choose another with --urls");

        var url = ServiceAddress.Of(address);
        if (await WhoIsThereAsync(url, cancellation).ConfigureAwait(false) is { } other) return Finding.Fail($"{address} is taken by {other}", "free it, or choose another with --urls");
        var readiness = await probe.CheckAsync(url.ToString(), cancellation).ConfigureAwait(false);
        return readiness.Ok
            ? Finding.Ok($"{address}: a trm is there, and ready")
            : Finding.Fail($"{address}: a trm is there, and not ready: {readiness.Why}", "its log says more");
    }

    // As Kestrel takes them: localhost is both loopback addresses as far as the machine has them, and what is no address stands for all.
    private static SocketError? Listen(BindingAddress address)
    {
        if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return Listen(IPAddress.Loopback, address.Port)
                ?? (Listen(IPAddress.IPv6Loopback, address.Port) is SocketError.AddressAlreadyInUse and var taken ? taken : null);
        }
        return Listen(IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip : IPAddress.Any, address.Port);
    }

    private static SocketError? Listen(IPAddress ip, int port)
    {
        try
        {
            using var listener = new TcpListener(ip, port);
            listener.Start();
            return null;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    /// <summary>Who has the port; null when it is a trm.</summary>
    private async Task<string?> WhoIsThereAsync(Uri url, CancellationToken cancellation)
    {
        try
        {
            using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri(url, "/health/live"), cancellation).ConfigureAwait(false));
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("status", out var status) && status.ValueEquals("live")
                ? null
                : "another program";
        }
        catch (Exception error) when (error is HttpRequestException or JsonException)
        {
            return "another program";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"a program that does not answer within {http.Timeout.TotalSeconds:0} s";
        }
    }
}
