namespace Trm.Bench.FanOut.WebSockets;

/// <summary>How a look at the bytes of a frame ended.</summary>
internal enum FrameState
{
    /// <summary>More bytes are needed.</summary>
    Partial,

    /// <summary>The whole frame is there.</summary>
    Whole,

    /// <summary>No server may send this.</summary>
    Invalid,
}
