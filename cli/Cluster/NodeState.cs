namespace Trm.Cli.Cluster;

/// <summary>How the system sees a node's process.</summary>
internal enum NodeState
{
    /// <summary>It runs; whether it is ready is another question.</summary>
    Running,

    /// <summary>It is there and does nothing (SIGSTOP).</summary>
    Frozen,

    /// <summary>It was started, nobody stopped it here, and it is gone.</summary>
    Dead,

    /// <summary>Not started, or stopped by <c>trm cluster stop</c> or <c>down</c>.</summary>
    Stopped,
}
