using System.Runtime.Intrinsics;
using Trm.Inference.Engine;
using Trm.Inference.Engine.Simd;

namespace Trm.Inference.Tests.Engine;

public sealed class Int16Tests
{
    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(1024)]
    public void No_chunk_of_a_row_can_overflow_whatever_the_inputs(int columns)
    {
        var random = new Random(columns);
        for (var i = 0; i < 200; i++)
        {
            // From all small to all at the limit, with a heavy patch somewhere.
            var spread = random.Next(1, Int16Rows.LargestWeight + 1);
            var row = Enumerable.Range(0, columns).Select(_ => (short)random.Next(-spread, spread + 1)).ToArray();
            var patch = random.Next(columns);
            Array.Fill(row, (short)(random.Next(2) == 0 ? Int16Rows.LargestWeight : -Int16Rows.LargestWeight), patch, Math.Min(random.Next(30), columns - patch));

            var chunk = Int16Rows.SafeChunk(row);

            Assert.InRange(chunk, Math.Min(64, columns / 2), columns / 2);
            for (var start = 0; start < columns / 2; start++)
            {
                var worst = row.Skip(2 * start).Take(2 * chunk).Sum(weight => Math.Abs((long)weight)) * Int16Rows.LargestInput;
                Assert.True(worst <= int.MaxValue, $"{chunk} pairs from {start} can sum to {worst}");
            }
        }
    }

    [Fact]
    public void Weights_and_inputs_at_their_limits_sum_exactly()
    {
        const int Columns = 512;
        foreach (var path in EnginePath.Supported)
        {
            var matrix = path.PackInt16(Enumerable.Repeat(-3f, Columns).ToArray(), rows: 1, Columns, 0, Columns);
            var output = new float[matrix.Rows];
            Multiply(matrix, Enumerable.Repeat(2f, Columns).ToArray(), output);
            Assert.Equal(-6f * Columns, output[0], 0.01f);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(28)]
    public void Native_code_computes_what_managed_code_does_to_the_bit(int batch)
    {
        Assert.SkipUnless(Int16Vnni.IsSupported, "the native kernel is not built, or this processor has no AVX-512 VNNI");
        const int Rows = 160;
        const int Columns = 530;
        var random = new Random(batch);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble() - 0.5f)];
        var (weights, inputs, addend) = (Numbers(Rows * Columns), Numbers(batch * Columns), Numbers(batch * Rows));

        var outputs = new[] { "avx512-vnni", "avx512" }.Select(name =>
        {
            var matrix = EnginePath.Supported.Single(path => path.Name == name).PackInt16(weights, Rows, Columns, 0, Columns);
            var floats = new AlignedBuffer<float>(inputs.Length);
            inputs.CopyTo(floats.Span);
            var input = new LayerInput(floats, batch, Columns);
            matrix.Prepare(input, 0, batch);
            var output = new float[batch * matrix.Rows];
            matrix.MultiplyAddRows(0, matrix.Rows, input, addend, Rows, output, batch);
            return output;
        }).ToList();

        Assert.Equal(outputs[0], outputs[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(61)]
    public void A_quantised_number_is_off_by_half_its_scale_at_most(int length)
    {
        var random = new Random(length);
        var values = Enumerable.Range(0, length).Select(_ => (float)(10 * random.NextDouble() - 5)).ToArray();
        var integers = new short[length];

        var scale = Quantisation.Quantise(values, integers, Int16Rows.LargestInput);

        Assert.Equal(Int16Rows.LargestInput, integers.Max(i => Math.Abs((int)i)));
        for (var i = 0; i < length; i++) Assert.InRange(Math.Abs(values[i] - integers[i] * scale), 0, scale * 0.5001f);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-44f)]
    public void Numbers_too_small_to_scale_are_zero(float value)
    {
        var integers = new short[] { 1, 2 };
        Assert.Equal(0, Quantisation.Quantise([value, -value], integers, Int16Rows.LargestInput));
        Assert.Equal([0, 0], integers);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_is_not_hidden(float value)
    {
        var matrix = EnginePath.Best.PackInt16(Enumerable.Repeat(1f, 16).ToArray(), rows: 1, 16, 0, 16);
        var output = new float[matrix.Rows];
        Multiply(matrix, [value, .. new float[15]], output);
        Assert.False(float.IsFinite(output[0]), $"{output[0]}");
    }

    [Fact]
    public void A_pair_product_is_the_same_on_every_path()
    {
        // 128 bits have a portable form too: on this processor it is checked by running the fuzz test with
        // DOTNET_EnableHWIntrinsic=0.
        var (a, b) = (Pair(-8191, 8191), Pair(-8191, 8191));
        const int Expected = (8191 * 8191) + (8191 * 8191) + 5;
        Assert.Equal(Expected, Simd128.AddProducts(Vector128.Create(5), Vector128.Create(a), Vector128.Create(b))[0]);
        if (Simd256.IsSupported) Assert.Equal(Expected, Simd256.AddProducts(Vector256.Create(5), Vector256.Create(a), Vector256.Create(b))[7]);
        if (Simd512.IsSupported) Assert.Equal(Expected, Simd512.AddProducts(Vector512.Create(5), Vector512.Create(a), Vector512.Create(b))[15]);

        static int Pair(short first, short second) => (ushort)first | (second << 16);
    }

    private static void Multiply(PackedMatrix matrix, float[] vector, float[] output)
    {
        var floats = new AlignedBuffer<float>(vector.Length);
        vector.CopyTo(floats.Span);
        var input = new LayerInput(floats, capacity: 1, vector.Length);
        matrix.Prepare(input, first: 0, count: 1);
        matrix.MultiplyAddRows(0, matrix.Rows, input, new float[matrix.Rows], 0, output, batch: 1);
    }
}
