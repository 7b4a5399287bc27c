using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trm.Inference.Engine.Simd;

/// <summary>AVX2 with FMA; the integer product in one instruction where the processor has AVX-VNNI.</summary>
internal readonly struct Simd256 : ISimd<Vector256<float>, Vector256<int>>
{
    public static bool IsSupported => Avx2.IsSupported && Fma.IsSupported;

    public static string Name => "avx2";

    public static int Width => Vector256<float>.Count;

    public static bool HasManyRegisters => false;

    public static Vector256<float> Load(ref float source, nuint offset) => Vector256.LoadUnsafe(ref source, offset);

    public static void Store(Vector256<float> value, ref float target, nuint offset) => value.StoreUnsafe(ref target, offset);

    public static Vector256<float> Create(float value) => Vector256.Create(value);

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    public static Vector256<int> LoadPairs(ref short source, nuint offset) => Vector256.LoadUnsafe(ref source, offset).AsInt32();

    public static Vector256<int> CreatePairs(int pair) => Vector256.Create(pair);

    public static Vector256<int> AddProducts(Vector256<int> sum, Vector256<int> a, Vector256<int> b) => AvxVnni.IsSupported
        ? AvxVnni.MultiplyWideningAndAdd(sum, a.AsInt16(), b.AsInt16())
        : Avx2.Add(sum, Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16()));

    public static Vector256<float> ToFloats(Vector256<int> value) => Vector256.ConvertToSingle(value);
}
