namespace Trm.Cli.Cluster;

/// <summary>
/// One process, and no other that gets its number later: the system hands out a dead process' id again, after a restart of
/// the machine even the same ones.
/// </summary>
/// <param name="Pid">Its number.</param>
/// <param name="StartTicks">When it started, in clock ticks since the machine did.</param>
/// <param name="Boot">The machine's boot id.</param>
internal sealed record ProcessIdentity(int Pid, long StartTicks, string Boot);
