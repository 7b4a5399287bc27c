namespace Trm.Inference.Export;

/// <summary>How the recurrence is written as a graph. Both compute the same formulas.</summary>
public enum OnnxForm
{
    /// <summary>
    /// What x̂ gives to the first layer is computed once (and the two matrices on its way are one), and the first step
    /// leaves out what is zero: per step only [y; z] is multiplied.
    /// </summary>
    Hoisted,

    /// <summary>Word for word as the formulas: [x̂; y; z] is put together and multiplied in every step.</summary>
    Naive,
}
