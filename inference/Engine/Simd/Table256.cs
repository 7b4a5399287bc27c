using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trm.Inference.Engine.Simd;

/// <summary>The table in four registers: eight numbers of each, of which the fourth and fifth bit of the place choose.</summary>
internal readonly struct Table256 : ITable
{
    public static bool IsSupported => Avx2.IsSupported;

    public static Vector512<float> Lookup(ref float table, Vector512<int> places) =>
        Vector512.Create(Lookup(ref table, places.GetLower()), Lookup(ref table, places.GetUpper()));

    private static Vector256<float> Lookup(ref float table, Vector256<int> places)
    {
        // To the sign, which chooses.
        var (fourth, fifth) = ((places << 28).AsSingle(), (places << 27).AsSingle());
        return Avx.BlendVariable(
            Avx.BlendVariable(Permute(ref table, 0, places), Permute(ref table, 8, places), fourth),
            Avx.BlendVariable(Permute(ref table, 16, places), Permute(ref table, 24, places), fourth),
            fifth);
    }

    private static Vector256<float> Permute(ref float table, nuint from, Vector256<int> places) =>
        Avx2.PermuteVar8x32(Vector256.LoadUnsafe(ref table, from), places);
}
