using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Trm.Inference.Engine.Simd;

/// <summary>128 bits in portable operations: ARM (which fuses multiply and add), and any other processor.</summary>
internal readonly struct Simd128 : ISimd<Vector128<float>, Vector128<int>>
{
    public static string Name => "vector128";

    public static int Width => Vector128<float>.Count;

    public static bool HasManyRegisters => AdvSimd.Arm64.IsSupported;

    public static Vector128<float> Load(ref float source, nuint offset) => Vector128.LoadUnsafe(ref source, offset);

    public static void Store(Vector128<float> value, ref float target, nuint offset) => value.StoreUnsafe(ref target, offset);

    public static Vector128<float> Create(float value) => Vector128.Create(value);

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<int> LoadPairs(ref short source, nuint offset) => Vector128.LoadUnsafe(ref source, offset).AsInt32();

    public static Vector128<int> CreatePairs(int pair) => Vector128.Create(pair);

    public static Vector128<int> AddProducts(Vector128<int> sum, Vector128<int> a, Vector128<int> b)
    {
        if (Sse2.IsSupported) return sum + Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16());
        // The first of each pair is the low half: sign-extended by shifting up and down again.
        var first = ((a << 16) >> 16) * ((b << 16) >> 16);
        return sum + first + ((a >> 16) * (b >> 16));
    }

    public static Vector128<float> ToFloats(Vector128<int> value) => Vector128.ConvertToSingle(value);
}
