using System.Diagnostics.CodeAnalysis;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>A queue that costs nothing while it holds at most one: most clients take each prediction before the next.</summary>
internal struct FrameQueue
{
    private PredictionFrame? first;
    private Queue<PredictionFrame>? rest;

    public readonly int Count => first is null ? 0 : 1 + (rest?.Count ?? 0);

    public void Enqueue(PredictionFrame frame)
    {
        if (first is null) first = frame;
        else (rest ??= new Queue<PredictionFrame>()).Enqueue(frame);
    }

    public bool TryDequeue([NotNullWhen(true)] out PredictionFrame? frame)
    {
        frame = first;
        if (frame is null) return false;
        first = null;
        if (rest is null) return true;
        rest.TryDequeue(out first);
        if (first is null) rest = null;
        return true;
    }

    public void Clear() => (first, rest) = (null, null);
}
