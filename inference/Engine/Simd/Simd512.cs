using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trm.Inference.Engine.Simd;

/// <summary>AVX-512 (F and BW).</summary>
internal readonly struct Simd512 : ISimd<Vector512<float>, Vector512<int>>
{
    public static bool IsSupported => Avx512BW.IsSupported && Vector512.IsHardwareAccelerated;

    public static string Name => "avx512";

    public static int Width => Vector512<float>.Count;

    public static bool HasManyRegisters => true;

    public static Vector512<float> Load(ref float source, nuint offset) => Vector512.LoadUnsafe(ref source, offset);

    public static void Store(Vector512<float> value, ref float target, nuint offset) => value.StoreUnsafe(ref target, offset);

    public static Vector512<float> Create(float value) => Vector512.Create(value);

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    public static Vector512<int> LoadPairs(ref short source, nuint offset) => Vector512.LoadUnsafe(ref source, offset).AsInt32();

    public static Vector512<int> CreatePairs(int pair) => Vector512.Create(pair);

    public static Vector512<int> AddProducts(Vector512<int> sum, Vector512<int> a, Vector512<int> b) =>
        Avx512F.Add(sum, Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()));

    public static Vector512<float> ToFloats(Vector512<int> value) => Vector512.ConvertToSingle(value);
}
