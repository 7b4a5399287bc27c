using System.Runtime.Intrinsics;

namespace Trm.Inference.Engine.Simd;

/// <summary>Reads 16 numbers at once from a table of 32.</summary>
internal interface ITable
{
    /// <summary>Whether this processor can.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>table[place mod 32] for each place.</summary>
    static abstract Vector512<float> Lookup(ref float table, Vector512<int> places);
}
