namespace Trm.Inference.Checkpoints;

/// <summary>
/// Compares the keys of a pickle's dictionaries. Whole numbers hash with the process's seed as strings do, so that no
/// file can be made whose keys all collide.
/// </summary>
internal sealed class PickleKeys : IEqualityComparer<object>
{
    public static readonly PickleKeys Instance = new();

    public new bool Equals(object? x, object? y) => object.Equals(x, y);

    public int GetHashCode(object key) => key is long number ? HashCode.Combine((int)number, (int)(number >> 32)) : key.GetHashCode();
}
