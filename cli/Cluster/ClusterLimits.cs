namespace Trm.Cli.Cluster;

/// <summary>How long to wait for nodes.</summary>
/// <param name="Ready">From a start until it is ready.</param>
/// <param name="Stop">From SIGTERM until it is gone: a silo hands its grains over, a gateway tells its clients.</param>
internal sealed record ClusterLimits(TimeSpan Ready, TimeSpan Stop)
{
    public static ClusterLimits Default { get; } = new(TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(60));
}
