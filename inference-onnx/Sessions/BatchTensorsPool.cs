using Microsoft.ML.OnnxRuntime;

namespace Trm.Inference.Onnx.Sessions;

/// <summary>
/// Tensors that wait for the next caller with a batch of their size, a few for each core. One of another size makes
/// way when there is no room: sizes change from call to call, and new tensors cost microseconds.
/// </summary>
internal sealed class BatchTensorsPool : IDisposable
{
    private readonly BatchTensors?[] idle = new BatchTensors?[2 * Environment.ProcessorCount];
    private uint next;

    /// <summary>Tensors for exactly a batch; the caller's alone until they are returned.</summary>
    public BatchTensors Rent(int batch)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (idle[i]?.Batch != batch || Interlocked.Exchange(ref idle[i], null) is not { } tensors) continue;
            if (tensors.Batch == batch) return tensors;
            Return(tensors);
        }
        return new BatchTensors(batch, OrtAllocator.DefaultInstance);
    }

    /// <summary>Takes tensors back.</summary>
    public void Return(BatchTensors tensors)
    {
        for (var i = 0; i < idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref idle[i], tensors, null) is null) return;
        }
        // Full of others: the newest is the likeliest to be asked for again.
        var place = Interlocked.Increment(ref next) % (uint)idle.Length;
        Interlocked.Exchange(ref idle[place], tensors)?.Dispose();
    }

    /// <summary>Frees what waits; nothing is rented any more.</summary>
    public void Dispose()
    {
        foreach (var tensors in idle) tensors?.Dispose();
    }
}
