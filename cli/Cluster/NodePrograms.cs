using Trm.Core;

namespace Trm.Cli.Cluster;

/// <summary>
/// Where the silo and the gateway host are: beside this program where the build puts them, or where <c>TRM_SILO</c> and
/// <c>TRM_GATEWAY_HOST</c> say. They use Orleans and this program does not, so it may be that they are not there.
/// </summary>
/// <param name="folder">The folder of this program.</param>
/// <param name="environment">The value of a variable, or null.</param>
internal sealed class NodePrograms(string folder, Func<string, string?> environment)
{
    /// <summary>The program of a role.</summary>
    /// <exception cref="TrmException">It is not built.</exception>
    public NodeProgram Of(NodeRole role)
    {
        var (name, project, variable) = role switch
        {
            NodeRole.Silo => ("Trm.Silo", "silo", "TRM_SILO"),
            NodeRole.Gateway => ("Trm.Gateway.Host", "gateway-host", "TRM_GATEWAY_HOST"),
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };
        if (environment(variable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? NodeProgram.Of(Path.GetFullPath(named))
                : throw new TrmException("cluster_not_built", $"{variable} names {named}, which does not exist; give the path of {name}.dll");
        }
        var built = Path.GetFullPath(Path.Combine(folder, "..", "..", name, "release", $"{name}.dll"));
        return File.Exists(built) ? NodeProgram.Of(built) : throw new TrmException(
            "cluster_not_built",
            $"{name}, which needs Microsoft Orleans, is not built; './trm cluster up' of a checkout builds it, or 'dotnet build {project} -c Release', or name it with {variable}; without Orleans in your package feed use 'trm serve' (one process)");
    }
}
