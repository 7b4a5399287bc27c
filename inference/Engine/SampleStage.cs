namespace Trm.Inference.Engine;

/// <summary>What is done sample by sample between the layers, in blocks of a few samples that any thread may do.</summary>
/// <param name="work">Does some samples: the first, and how many.</param>
internal sealed class SampleStage(Action<int, int> work) : IRowStage
{
    private const int BlockSamples = 4;

    /// <inheritdoc/>
    public int Batch { get; set; }

    /// <inheritdoc/>
    public int Blocks => (Batch + BlockSamples - 1) / BlockSamples;

    /// <inheritdoc/>
    public void Run(int block)
    {
        var first = block * BlockSamples;
        work(first, Math.Min(BlockSamples, Batch - first));
    }

    /// <inheritdoc/>
    public void RunAll() => work(0, Batch);
}
