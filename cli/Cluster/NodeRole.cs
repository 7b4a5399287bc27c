namespace Trm.Cli.Cluster;

/// <summary>What a process of the cluster does, in the order in which they start; they stop in the other.</summary>
internal enum NodeRole
{
    /// <summary>Membership, grain state, reminders, bars and the prediction log.</summary>
    Postgres,

    /// <summary>Runs the grains.</summary>
    Silo,

    /// <summary>WebSocket, SSE and REST for dashboards and services.</summary>
    Gateway,
}
