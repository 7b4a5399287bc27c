using System.Runtime.Intrinsics;
using Trm.Inference.Engine.Simd;

namespace Trm.Inference.Engine;

/// <summary>The kernels for one kind of processor; chosen once, when a model is loaded.</summary>
internal abstract class EnginePath
{
    /// <summary>Every path that this processor can take, the fastest first.</summary>
    public static IReadOnlyList<EnginePath> Supported { get; } =
    [
        .. Int16Vnni.IsSupported ? [new Of<Simd512, Vector512<float>, Vector512<int>>(isNative: true)] : Array.Empty<EnginePath>(),
        .. Simd512.IsSupported ? [new Of<Simd512, Vector512<float>, Vector512<int>>()] : Array.Empty<EnginePath>(),
        .. Simd256.IsSupported ? [new Of<Simd256, Vector256<float>, Vector256<int>>()] : Array.Empty<EnginePath>(),
        new Of<Simd128, Vector128<float>, Vector128<int>>(),
    ];

    /// <summary>The fastest.</summary>
    public static EnginePath Best => Supported[0];

    /// <summary><c>avx512-vnni</c>, <c>avx512</c>, <c>avx2</c> or <c>vector128</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The same without what serves integers only.</summary>
    public abstract string Fp32Name { get; }

    /// <summary>Rows are padded to a multiple of this.</summary>
    public abstract int RowMultiple { get; }

    /// <summary>Packs columns of a row-major matrix in single precision.</summary>
    public abstract PackedMatrix PackFp32(ReadOnlySpan<float> matrix, int rows, int stride, int firstColumn, int columns);

    /// <summary>Packs an even number of columns of a row-major matrix as 16-bit integers.</summary>
    public abstract PackedMatrix PackInt16(ReadOnlySpan<float> matrix, int rows, int stride, int firstColumn, int columns);

    /// <summary>Rows as they are padded.</summary>
    public int Padded(int rows) => (rows + RowMultiple - 1) / RowMultiple * RowMultiple;

    private sealed class Of<TSimd, TFloats, TInts>(bool isNative = false) : EnginePath
        where TSimd : ISimd<TFloats, TInts>
        where TFloats : struct
        where TInts : struct
    {
        public override string Name => isNative ? $"{TSimd.Name}-vnni" : TSimd.Name;

        public override string Fp32Name => TSimd.Name;

        public override int RowMultiple => Math.Max(2 * TSimd.Width, Kernels.Width);

        public override PackedMatrix PackFp32(ReadOnlySpan<float> matrix, int rows, int stride, int firstColumn, int columns) =>
            Fp32Matrix<TSimd, TFloats, TInts>.Pack(matrix, rows, stride, firstColumn, columns, Padded(rows));

        public override PackedMatrix PackInt16(ReadOnlySpan<float> matrix, int rows, int stride, int firstColumn, int columns)
        {
            var integers = Int16Rows.Of(matrix, rows, stride, firstColumn, columns, Padded(rows));
            return isNative ? Int16VnniMatrix.Pack(integers) : Int16Matrix<TSimd, TFloats, TInts>.Pack(integers);
        }
    }
}
