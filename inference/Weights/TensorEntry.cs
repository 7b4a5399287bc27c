namespace Trm.Inference.Weights;

/// <summary>
/// What a file says a tensor is, before its values are read: names and shapes are checked first, so that a hostile file
/// is refused before it makes anyone allocate.
/// </summary>
/// <param name="Name">Its key in the state dict.</param>
/// <param name="Shape">Its axes, outermost first.</param>
/// <param name="Read">Reads the values as fp32, row-major.</param>
internal sealed record TensorEntry(string Name, IReadOnlyList<long> Shape, Func<float[]> Read)
{
    /// <summary><c>[512, 10]</c>.</summary>
    public static string Text<T>(IEnumerable<T> shape) => $"[{string.Join(", ", shape)}]";
}
