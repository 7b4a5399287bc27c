namespace Trm.Inference.Engine.Simd;

/// <summary>
/// The few vector operations that the kernels are made of, so that each kernel is written once and compiled for every
/// width. All are one or two instructions where the processor has them.
/// </summary>
/// <typeparam name="TFloats">A vector of <see cref="Width"/> floats.</typeparam>
/// <typeparam name="TInts">A vector of as many 32-bit integers, or of twice as many 16-bit ones.</typeparam>
internal interface ISimd<TFloats, TInts>
    where TFloats : struct
    where TInts : struct
{
    /// <summary>In the engine's name: <c>avx512</c>, <c>avx2</c>, <c>vector128</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Floats of a vector.</summary>
    static abstract int Width { get; }

    /// <summary>The processor has 32 vector registers rather than 16: room for sixteen sums at once.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TFloats Load(ref float source, nuint offset);

    static abstract void Store(TFloats value, ref float target, nuint offset);

    static abstract TFloats Create(float value);

    static abstract TFloats Multiply(TFloats a, TFloats b);

    /// <summary>a·b + c, rounded once where the processor can.</summary>
    static abstract TFloats MultiplyAdd(TFloats a, TFloats b, TFloats c);

    /// <summary>Loads pairs of 16-bit integers.</summary>
    static abstract TInts LoadPairs(ref short source, nuint offset);

    /// <summary>One pair of 16-bit integers in every place.</summary>
    static abstract TInts CreatePairs(int pair);

    /// <summary>sum + a₀·b₀ + a₁·b₁ in each place, of pairs of 16-bit integers into 32 bits.</summary>
    static abstract TInts AddProducts(TInts sum, TInts a, TInts b);

    static abstract TFloats ToFloats(TInts value);
}
