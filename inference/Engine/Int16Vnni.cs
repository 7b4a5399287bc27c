using System.Runtime.InteropServices;
using Trm.Inference.Engine.Simd;

namespace Trm.Inference.Engine;

/// <summary>
/// <c>native/int16_vnni.c</c>: the products of <see cref="Int16VnniMatrix"/> by an instruction that .NET does not know yet. The build compiles it where a C compiler is; the file may be absent, and then the managed code does it all.
/// </summary>
internal static unsafe partial class Int16Vnni
{
    private const string Library = "trm_int16_vnni";

    /// <summary>Whether the library was found, and this processor has the instruction.</summary>
    public static bool IsSupported { get; } = Simd512.IsSupported && NativeLibrary.TryLoad(Library, typeof(Int16Vnni).Assembly, null, out _) && Supported() != 0;

    /// <summary>The most multiply-adds that the instruction can do: so many times 16 of it, 32 multiply-adds each, on registers alone.</summary>
    [LibraryImport(Library, EntryPoint = "trm_int16_vnni_repeat")]
    public static partial void Repeat(long times);

    /// <summary>As <see cref="PackedMatrix.MultiplyAddRows"/>, everything from the first row on; see the C file for the layout.</summary>
    [LibraryImport(Library, EntryPoint = "trm_int16_vnni")]
    public static partial void MultiplyAdd(
        ushort* weights, long rows, long pairs, long chunk, float* scales, int* input, float* inputScales,
        float* addend, long addendStride, float* output, long outputStride, long batch);

    [LibraryImport(Library, EntryPoint = "trm_int16_vnni_supported")]
    private static partial int Supported();
}
