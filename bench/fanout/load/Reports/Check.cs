namespace Trm.Bench.FanOut.Reports;

/// <summary>A promise, and whether it held.</summary>
/// <param name="Promise">What was to be so.</param>
/// <param name="Measured">What was so.</param>
/// <param name="Holds">Whether that is as promised.</param>
internal readonly record struct Check(string Promise, string Measured, bool Holds)
{
    /// <param name="promise">What is measured and its limit.</param>
    /// <param name="measured">What was measured.</param>
    /// <param name="holds">Whether it is within the limit.</param>
    public static Check Of(FormattableString promise, FormattableString measured, bool holds) =>
        new(FormattableString.Invariant(promise), FormattableString.Invariant(measured), holds);
}
