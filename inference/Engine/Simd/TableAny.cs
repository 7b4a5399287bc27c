using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Trm.Inference.Engine.Simd;

/// <summary>One number after the other, on any processor.</summary>
internal readonly struct TableAny : ITable
{
    public static bool IsSupported => true;

    public static Vector512<float> Lookup(ref float table, Vector512<int> places)
    {
        Unsafe.SkipInit(out Vector512<float> found);
        for (var i = 0; i < Vector512<float>.Count; i++)
        {
            Unsafe.Add(ref Unsafe.As<Vector512<float>, float>(ref found), i) = Unsafe.Add(ref table, places[i] & 31);
        }
        return found;
    }
}
