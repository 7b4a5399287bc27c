namespace Trm.Cli.Cluster;

/// <summary>Signals by Linux' numbers.</summary>
internal enum NodeSignal
{
    /// <summary>SIGINT: PostgreSQL's fast shutdown, which waits for no client.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM: drain and end.</summary>
    Terminate = 15,

    /// <summary>SIGCONT.</summary>
    Resume = 18,

    /// <summary>SIGSTOP.</summary>
    Pause = 19,
}
