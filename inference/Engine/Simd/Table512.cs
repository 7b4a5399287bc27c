using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trm.Inference.Engine.Simd;

/// <summary>The table in two registers.</summary>
internal readonly struct Table512 : ITable
{
    public static bool IsSupported => Avx512F.IsSupported;

    public static Vector512<float> Lookup(ref float table, Vector512<int> places) =>
        Avx512F.PermuteVar16x32x2(Vector512.LoadUnsafe(ref table), places, Vector512.LoadUnsafe(ref table, 16));
}
