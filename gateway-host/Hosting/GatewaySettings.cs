using Microsoft.Extensions.Configuration;
using Trm.Gateway.Access;
using Trm.GrainInterfaces.Clients;
using Trm.Hosting;

namespace Trm.Gateway.Host.Hosting;

/// <summary>What a gateway goes by: section <c>Trm</c>, and <c>Trm:Cluster</c> as for every member of the cluster.</summary>
internal sealed class GatewaySettings
{
    /// <summary>What it listens on.</summary>
    public string Urls { get; init; } = "http://localhost:8000";

    /// <summary>Serve other machines without access control.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>Whether every call needs a key (section <c>Trm:Access</c>), or it was said that none is needed.</summary>
    public bool IsOpenToAll { get; private set; }

    /// <summary>The cluster.</summary>
    public TrmClusterOptions Cluster { get; init; } = new();

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="UsageException">A value is outside its range; the message names the key.</exception>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        var settings = configuration.GetSection("Trm").Get<GatewaySettings>() ?? new GatewaySettings();
        if (settings.Cluster.Fault() is { } fault) throw new UsageException(fault);
        settings.IsOpenToAll = settings.AllowAnonymous || AccessOptions.Read(configuration).IsControlled;
        BindingRules.Check(settings.Urls, settings.IsOpenToAll, configuration);
        return settings;
    }
}
