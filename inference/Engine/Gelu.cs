using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Trm.Inference.Engine.Simd;

namespace Trm.Inference.Engine;

/// <summary>
/// gelu(x) = x·Φ(x), exact form: Φ is the normal distribution, ½(1 + erf(x/√2)).
/// <para>
/// Between nodes ⅜ apart Φ is a polynomial of degree 5, whose first coefficient has two floats: what it adds to the node's value is
/// small, so the roundings of single precision hardly show. The result is within 0.9 units in its last place for x above 0.001 and
/// within 3e-8 below; half the processor's time of a quotient of polynomials in double.
/// </para>
/// </summary>
internal static class Gelu
{
    private const int Nodes = 32;
    private const int Degree = 5;
    private const double Step = 0.375;

    // Added to a number of less than 2²² it leaves the nearest integer in the lowest bits; of these five are a node's place.
    private const float Rounder = 3 << 22;

    /// <summary>For each coefficient a number for each node; the node at −⅜ is the last, the one at −6 in the middle.</summary>
    private static readonly AlignedBuffer<float> Table = Build();

    /// <summary>values ← gelu(values).</summary>
    public static void Apply(Span<float> values)
    {
        if (Table512.IsSupported) Apply<Table512>(values, Table.Span);
        else if (Table256.IsSupported) Apply<Table256>(values, Table.Span);
        else Apply<TableAny>(values, Table.Span);
    }

    /// <summary>The same by one way of looking up, for tests.</summary>
    internal static void Apply<TTable>(Span<float> values)
        where TTable : ITable => Apply<TTable>(values, Table.Span);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TTable>(Span<float> values, ReadOnlySpan<float> table)
        where TTable : ITable
    {
        ref var coefficients = ref MemoryMarshal.GetReference(table);
        var (least, most) = (Vector512.Create((float)(-Nodes / 2 * Step)), Vector512.Create((float)((Nodes / 2 - 1) * Step)));
        var (step, perStep) = (Vector512.Create((float)-Step), Vector512.Create((float)(1 / Step)));
        var rounder = Vector512.Create(Rounder);
        foreach (ref var x in MemoryMarshal.Cast<float, Vector512<float>>(values))
        {
            // Beyond the outermost nodes Φ is 0 and 1.
            var bounded = Vector512.MinNative(Vector512.MaxNative(x, least), most);
            var rounded = Vector512.MultiplyAddEstimate(bounded, perStep, rounder);
            var node = rounded.AsInt32();
            // From the node, −3/16 to 3/16: exact, for a node's place times ⅜ is.
            var t = Vector512.MultiplyAddEstimate(rounded - rounder, step, bounded);

            var above = Coefficient<TTable>(ref coefficients, 5, node);
            above = Vector512.MultiplyAddEstimate(above, t, Coefficient<TTable>(ref coefficients, 4, node));
            above = Vector512.MultiplyAddEstimate(above, t, Coefficient<TTable>(ref coefficients, 3, node));
            above = Vector512.MultiplyAddEstimate(above, t, Coefficient<TTable>(ref coefficients, 2, node));
            above = Vector512.MultiplyAddEstimate(above, t, Coefficient<TTable>(ref coefficients, 1, node));
            above = Vector512.MultiplyAddEstimate(above, t, TTable.Lookup(ref Unsafe.Add(ref coefficients, Nodes), node));
            x = Vector512.MultiplyAddEstimate(x, TTable.Lookup(ref coefficients, node), x * above);
        }
    }

    // In memory the value of a node has two rows, each power one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Coefficient<TTable>(ref float coefficients, int power, Vector512<int> node)
        where TTable : ITable => TTable.Lookup(ref Unsafe.Add(ref coefficients, (power + 1) * Nodes), node);

    private static AlignedBuffer<float> Build()
    {
        var table = new AlignedBuffer<float>((Degree + 2) * Nodes);
        for (var node = -Nodes / 2; node < Nodes / 2; node++)
        {
            var polynomial = node == -Nodes / 2 ? [0, 0, 0, 0, 0, 0] : node == Nodes / 2 - 1 ? [1, 0, 0, 0, 0, 0] : Polynomial(node * Step);
            var place = table.Span[(node & (Nodes - 1))..];
            var value = (float)polynomial[0];
            place[0] = value;
            place[Nodes] = (float)(polynomial[0] - value);
            for (var i = 1; i <= Degree; i++) place[(i + 1) * Nodes] = (float)polynomial[i];
        }
        return table;
    }

    /// <summary>
    /// Φ(c + t) for t up to half a step: Taylor's polynomial of degree 7, whose last two powers are replaced by the polynomials of
    /// degree 5 that are nearest to them by Chebyshev.
    /// </summary>
    private static double[] Polynomial(double c)
    {
        var density = Math.Exp(-c * c / 2) / Math.Sqrt(2 * Math.PI);
        // For u = t / half, so that u is from −1 to 1.
        const double Half = Step / 2;
        var p = new double[Degree + 3];
        p[0] = Normal(c, density);
        // The derivatives of Φ are φ times Hermite's polynomials: He₀ = 1, He₁ = c, Heₙ₊₁ = c·Heₙ − n·Heₙ₋₁, with changing signs.
        var (hermite, before) = (1.0, 0.0);
        var factor = density;
        for (var n = 1; n < p.Length; n++)
        {
            factor *= Half / n;
            p[n] = factor * hermite;
            factor = -factor;
            (hermite, before) = (c * hermite - (n - 1) * before, hermite);
        }
        // u⁶ = (48u⁴ − 18u² + 1)/32 and u⁷ = (112u⁵ − 56u³ + 7u)/64, but for T₆/32 and T₇/64.
        p[0] += p[6] / 32;
        p[1] += p[7] * 7 / 64;
        p[2] -= p[6] * 18 / 32;
        p[3] -= p[7] * 56 / 64;
        p[4] += p[6] * 48 / 32;
        p[5] += p[7] * 112 / 64;
        return [.. p.Take(Degree + 1).Select((coefficient, n) => coefficient / Math.Pow(Half, n))];
    }

    // ½ + φ(c)·(c + c³/3 + c⁵/15 + …)
    private static double Normal(double c, double density)
    {
        var sum = 0.0;
        var term = c;
        for (var k = 3; Math.Abs(term) > 1e-18; k += 2)
        {
            sum += term;
            term *= c * c / k;
        }
        return 0.5 + density * sum;
    }
}
