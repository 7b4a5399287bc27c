using System.Net;
using System.Net.Sockets;
using Trm.GrainInterfaces.Clients;
using Trm.Hosting;

namespace Trm.Silo.Settings;

/// <summary>One silo of a cluster; its keys are in section <c>Trm:Cluster</c> too.</summary>
internal sealed class SiloOptions
{
    private const string Auto = "auto";

    /// <summary>Its name in logs and on the dashboard; the host's name when null.</summary>
    public string? SiloName { get; set; }

    /// <summary>
    /// The IP address that the others reach it by; the loopback address is a cluster on one machine. <c>auto</c> is the one that
    /// this machine's name has, as in a container.
    /// </summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>For the other silos.</summary>
    public int SiloPort { get; set; } = 11_111;

    /// <summary>For clients: gateways, trading services.</summary>
    public int GatewayPort { get; set; } = 30_000;

    /// <summary>Without PostgreSQL: the silo port of the first silo, which keeps the membership.</summary>
    public int PrimarySiloPort { get; set; } = 11_111;

    /// <summary>Health and dashboard, for operators; not for the world.</summary>
    public string OperatorUrls { get; set; } = "http://127.0.0.1:8800";

    /// <summary>Serve the Orleans dashboard at <c>/dashboard</c> of <see cref="OperatorUrls"/>.</summary>
    public bool Dashboard { get; set; } = true;

    /// <summary>How long a silo waits for an answer of another. 0.5 s to 5 min.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two probes of another silo, and the wait for its answer. 0.1 s to 1 min.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes missed before a silo is declared dead. 1 to 10.</summary>
    public int MissedProbes { get; set; } = 2;

    /// <summary>How long a silo may take to hand its work over when it is stopped. 1 s to 10 min.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);

    public string? Fault()
    {
        if (Address != Auto && !IPAddress.TryParse(Address, out _)) return $"{Key(nameof(Address))} is '{Address}', which is no IP address; {Auto} takes that of this machine's name";
        foreach (var (name, port) in new[] { (nameof(SiloPort), SiloPort), (nameof(GatewayPort), GatewayPort), (nameof(PrimarySiloPort), PrimarySiloPort) })
        {
            if (port is < 1 or > 65_535) return $"{Key(name)} is {port}; it must be from 1 to 65535";
        }
        if (SiloPort == GatewayPort) return $"{Key(nameof(SiloPort))} and {Key(nameof(GatewayPort))} are both {SiloPort}; give each its own";
        return Range(nameof(ResponseTimeout), ResponseTimeout, 0.5, 300) ?? Range(nameof(ProbeTimeout), ProbeTimeout, 0.1, 60)
            ?? Range(nameof(DrainTimeout), DrainTimeout, 1, 600)
            ?? (MissedProbes is < 1 or > 10 ? $"{Key(nameof(MissedProbes))} is {MissedProbes}; it must be from 1 to 10" : null);
    }

    /// <summary>The address that <see cref="Address"/> means.</summary>
    /// <exception cref="UsageException">The machine's name has none that others can reach.</exception>
    public IPAddress Resolve()
    {
        if (Address != Auto) return IPAddress.Parse(Address);
        var name = Dns.GetHostName();
        try
        {
            if (Array.Find(Dns.GetHostAddresses(name, AddressFamily.InterNetwork), address => !IPAddress.IsLoopback(address)) is { } found) return found;
        }
        catch (SocketException)
        {
            // No such name: said below.
        }
        throw new UsageException($"{Key(nameof(Address))} is {Auto}, but this machine's name, {name}, has no address that others can reach; give one");
    }

    private static string? Range(string name, TimeSpan value, double min, double max) => value.TotalSeconds >= min && value.TotalSeconds <= max
        ? null
        : FormattableString.Invariant($"{Key(name)} is {value.TotalSeconds} seconds; it must be from {min} to {max} seconds");

    private static string Key(string name) => $"{TrmClusterOptions.Section}:{name}";
}
