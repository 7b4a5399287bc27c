using Trm.Hosting;

namespace Trm.Cli.Cluster;

/// <summary>A node as <c>trm cluster status</c> shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it does.</param>
/// <param name="State">How its process is.</param>
/// <param name="Readiness">Whether it does its work, and why not.</param>
/// <param name="Pid">Its process; null when there is none.</param>
/// <param name="MemoryBytes">What of it is in RAM; null when there is no process.</param>
/// <param name="Urls">Where it answers.</param>
internal sealed record NodeStatus(
    string Name, NodeRole Role, NodeState State, Readiness Readiness, int? Pid, long? MemoryBytes, IReadOnlyList<string> Urls);
