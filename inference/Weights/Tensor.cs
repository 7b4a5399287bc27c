namespace Trm.Inference.Weights;

/// <summary>A tensor of a state dict in fp32, row-major.</summary>
/// <param name="Shape">Its axes, outermost first.</param>
/// <param name="Data">As many values as the axes multiply to.</param>
internal sealed record Tensor(int[] Shape, float[] Data);
