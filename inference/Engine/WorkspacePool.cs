using System.Numerics;

namespace Trm.Inference.Engine;

/// <summary>
/// Workspaces that wait for their next caller, about one for each core: as many callers as cores predict at once
/// without allocating, and a burst beyond that leaves nothing behind.
/// </summary>
internal sealed class WorkspacePool(Func<int, Workspace> create)
{
    private readonly Workspace?[] idle = new Workspace?[2 * Environment.ProcessorCount];

    /// <summary>A workspace with room for a batch; the caller's alone until it is returned.</summary>
    public Workspace Rent(int batch)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (idle[i] is null || Interlocked.Exchange(ref idle[i], null) is not { } workspace) continue;
            // One that is too small makes way for a larger one, so that the pool grows to what is asked of it.
            return workspace.Capacity >= batch ? workspace : Create(batch);
        }
        return Create(batch);
    }

    /// <summary>Takes a workspace back.</summary>
    public void Return(Workspace workspace)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref idle[i], workspace, null) is null) return;
        }
    }

    private Workspace Create(int batch) => create((int)BitOperations.RoundUpToPowerOf2((uint)batch));
}
