using System.Numerics;

namespace Trm.Inference.Batching;

/// <summary>
/// How long an engine takes for a batch: time ≈ a + b·rows, fitted to what was measured. One point is kept for each power
/// of two: a long run of single rows, however much it teaches about one row, does not make it forget what a large batch
/// costs. A point that was not measured lately still says where the line goes, and gives way where it speaks against newer
/// ones. Not thread-safe.
/// </summary>
internal sealed class CostModel
{
    private const int Points = 18;

    // Four batches halve the weight of older ones, about: a change of speed shows at once, noise does not.
    private const double Novelty = 0.2;

    // The weight of a point in the fit halves with each measurement of another, and ends here.
    private const double LeastTrust = 1e-6;

    // A batch that took longer than this many times what was expected met something else: a pause, another process.
    private const double Outlier = 4;

    // An engine that is passed over is no longer measured. Its estimate shrinks by this with each batch that passes it, and
    // to no less than the floor: one that only looked slow for a while is tried again, one that is slow is not.
    private const double Forgiving = 0.999;
    private const double ForgivenAtMost = 0.5;

    private readonly double[] rowsOf = new double[Points];
    private readonly double[] secondsOf = new double[Points];
    private readonly double[] trustIn = new double[Points];
    private double forgiven = 1;

    /// <summary>a: seconds that any batch takes.</summary>
    public double Fixed { get; private set; }

    /// <summary>b: seconds for each row.</summary>
    public double PerRow { get; private set; }

    /// <summary>Seconds that a batch will take; 0 when nothing was measured, so that an unknown engine is tried.</summary>
    public double Estimate(int rows) => forgiven * (Fixed + (PerRow * rows));

    /// <summary>Takes a measurement.</summary>
    public void Record(int rows, double seconds)
    {
        var point = Math.Min(BitOperations.Log2((uint)rows), Points - 1);
        if (rowsOf[point] == 0)
        {
            (rowsOf[point], secondsOf[point]) = (rows, seconds);
        }
        else
        {
            rowsOf[point] += Novelty * (rows - rowsOf[point]);
            secondsOf[point] += Novelty * (Math.Min(seconds, Outlier * secondsOf[point]) - secondsOf[point]);
        }
        for (var other = 0; other < Points; other++) trustIn[other] = Math.Max(LeastTrust, trustIn[other] / 2);
        trustIn[point] = 1;
        forgiven = 1;
        Fit();
    }

    /// <summary>A batch went elsewhere although this engine was free.</summary>
    public void PassedOver() => forgiven = Math.Max(ForgivenAtMost, forgiven * Forgiving);

    // Least squares of the relative error, so that one row counts as much as five hundred. Neither part is below 0.
    private void Fit()
    {
        double weights = 0, x = 0, y = 0, xx = 0, xy = 0;
        for (var point = 0; point < Points; point++)
        {
            if (rowsOf[point] == 0) continue;
            var weight = trustIn[point] / Math.Max(1e-18, secondsOf[point] * secondsOf[point]);
            weights += weight;
            x += weight * rowsOf[point];
            y += weight * secondsOf[point];
            xx += weight * rowsOf[point] * rowsOf[point];
            xy += weight * rowsOf[point] * secondsOf[point];
        }
        var spread = (weights * xx) - (x * x);
        var slope = spread > 1e-12 * weights * xx ? ((weights * xy) - (x * y)) / spread : xy / xx;
        var offset = (y - (slope * x)) / weights;
        if (slope < 0) (slope, offset) = (0, y / weights);
        if (offset < 0) (slope, offset) = (xy / xx, 0);
        (Fixed, PerRow) = (offset, slope);
    }
}
