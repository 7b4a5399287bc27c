using System.Numerics;

namespace Trm.Inference.Engine;

/// <summary>
/// Workspaces that wait for their next caller, about one for each core: as many callers as cores predict at once
/// without allocating, and a burst beyond that leaves nothing behind.
/// </summary>
internal sealed class WorkspacePool(Func<int, Workspace> create)
{
    private readonly Workspace?[] idle = new Workspace?[2 * Environment.ProcessorCount];

    // Those for one sample apart, so that a burst of batches does not turn their quick, small ones into large ones.
    private readonly Workspace?[] idleSingles = new Workspace?[2 * Environment.ProcessorCount];

    /// <summary>A workspace with room for a batch; the caller's alone until it is returned.</summary>
    public Workspace Rent(int batch)
    {
        var shelf = Shelf(batch);
        for (var i = 0; i < shelf.Length; i++)
        {
            if (shelf[i] is null || Interlocked.Exchange(ref shelf[i], null) is not { } workspace) continue;
            // One that is too small makes way for a larger one, so that the pool grows to what is asked of it.
            return workspace.Capacity >= batch ? workspace : Create(batch);
        }
        return Create(batch);
    }

    /// <summary>Takes a workspace back.</summary>
    public void Return(Workspace workspace)
    {
        var shelf = Shelf(workspace.Capacity);
        for (var i = 0; i < shelf.Length; i++)
        {
            if (Interlocked.CompareExchange(ref shelf[i], workspace, null) is null) return;
        }
    }

    private Workspace?[] Shelf(int batch) => batch == 1 ? idleSingles : idle;

    private Workspace Create(int batch) => create((int)BitOperations.RoundUpToPowerOf2((uint)batch));
}
