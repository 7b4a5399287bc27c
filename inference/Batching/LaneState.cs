namespace Trm.Inference.Batching;

/// <summary>What a lane does.</summary>
internal enum LaneState
{
    /// <summary>Nothing; its thread sleeps.</summary>
    Idle,

    /// <summary>Its thread was woken for rows that it has not taken yet: what comes meanwhile still joins them.</summary>
    Called,

    /// <summary>A batch is in the engine, on its own thread or on a caller's.</summary>
    Running,

    /// <summary>The engine is done, its thread answers the callers and is free in a moment.</summary>
    Answering,

    /// <summary>Nothing any more.</summary>
    Ended,
}
