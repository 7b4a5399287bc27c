namespace Trm.Bench.FanOut.Clients;

/// <summary>Where a client is in its life.</summary>
internal enum Phase
{
    Connecting,
    Upgrading,
    Open,
    Gone,
}
