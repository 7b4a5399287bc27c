namespace Trm.Cli.Benchmarks.Inference.Machine;

/// <summary>What one core can do at most in a format, and so the least time that predictions take.</summary>
/// <param name="Format">The format.</param>
/// <param name="WeightBytes">Bytes of a weight in memory.</param>
/// <param name="PeakMultiplyAdds">Multiply-adds a second on registers alone.</param>
/// <param name="ReadBytes">Bytes a second, over a buffer as large as one step's weights, read over and over.</param>
internal sealed record FormatFloor(WeightFormat Format, double WeightBytes, double PeakMultiplyAdds, double ReadBytes)
{
    /// <summary>
    /// Seconds for a batch: the weights are read once for all of it, the multiply-adds are done for each row, and the
    /// slower of the two decides. Several cores do at best several times what one does.
    /// </summary>
    public double Seconds(ModelWork work, int batch, int threads)
    {
        var reading = work.MultiplyAdds * WeightBytes / ReadBytes;
        var computing = (double)work.MultiplyAdds * batch / PeakMultiplyAdds;
        return Math.Max(reading, computing) / threads;
    }
}
