namespace Trm.Inference.Export;

/// <summary>How an exported graph multiplies by the four matrices of a step; everything else is fp32.</summary>
public enum OnnxPrecision
{
    /// <summary>Single precision.</summary>
    Fp32,

    /// <summary>
    /// Dynamic quantisation: int8 weights with a scale for each output, activations as uint8 with a scale for each
    /// batch. Faster at large batches on processors with integer dot products, off by up to about 1e-2, and a row's
    /// answer depends on the rows beside it.
    /// </summary>
    Int8,
}
