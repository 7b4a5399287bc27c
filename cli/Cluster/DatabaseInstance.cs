namespace Trm.Cli.Cluster;

/// <summary>A server that runs.</summary>
/// <param name="Process">The one that all its others descend from.</param>
/// <param name="Connection">How it is reached; may hold a password.</param>
/// <param name="Port">Its port on the loopback address.</param>
/// <param name="Log">What it writes its messages to.</param>
internal sealed record DatabaseInstance(ProcessIdentity Process, string Connection, int Port, string Log);
