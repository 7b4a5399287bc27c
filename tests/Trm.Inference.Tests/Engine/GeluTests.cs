using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Trm.Inference.Engine;
using Trm.Inference.Engine.Simd;

namespace Trm.Inference.Tests.Engine;

public sealed class GeluTests
{
    private static readonly float[] Numbers = [.. Enumerable.Range(-80_000, 160_000).Select(i => i * 1e-4f), -1e30f, -100, 100, 1e30f, 0, -0f, 1e-30f, 3e-9f, .. new float[8]];

    [Fact]
    public void It_is_exact_to_1e_7()
    {
        // Old processors round a product before they add to it.
        var most = Fma.IsSupported || AdvSimd.IsSupported ? 1e-7 : 1.5e-7;
        var values = Numbers.ToArray();
        Gelu.Apply(values);
        for (var i = 0; i < values.Length; i++)
        {
            var x = (double)Numbers[i];
            var expected = x < -8 ? 0 : 0.5 * x * (1 + ReferenceModel.Erf(x / Math.Sqrt(2)));
            Assert.True(Math.Abs(values[i] - expected) <= most * Math.Max(1, Math.Abs(expected)), $"gelu({x}) is {expected}, not {values[i]}");
        }
    }

    [Fact]
    public void Every_processor_looks_up_the_same()
    {
        var expected = By<TableAny>();
        if (Table256.IsSupported) Assert.Equal(expected, By<Table256>());
        if (Table512.IsSupported) Assert.Equal(expected, By<Table512>());

        static float[] By<TTable>()
            where TTable : ITable
        {
            var values = Numbers.ToArray();
            Gelu.Apply<TTable>(values);
            return values;
        }
    }

    [Fact]
    public void What_is_not_a_number_stays_one()
    {
        var values = new float[16];
        values[3] = float.NaN;
        Gelu.Apply(values);
        Assert.Equal(float.NaN, values[3]);
        Assert.Equal(15, values.Count(value => value == 0));
    }
}
