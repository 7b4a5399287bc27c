namespace Trm.Bench.Chaos.Faults;

/// <summary>What is done to the cluster.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL to a silo.</summary>
    Silo,

    /// <summary>SIGKILL to a gateway.</summary>
    Gateway,

    /// <summary>SIGKILL to the database.</summary>
    Postgres,

    /// <summary>SIGSTOP to a silo, and SIGCONT later.</summary>
    Freeze,

    /// <summary>An orderly restart of all silos, one after the other.</summary>
    Rolling,
}
