namespace Trm.Bench.FanOut.Net;

/// <summary>What a socket waits for, or has.</summary>
[Flags]
internal enum Readiness
{
    None = 0,
    In = 1,
    Out = 4,
    Error = 8,
    HangUp = 16,
    PeerDone = 0x2000,
}
