namespace Trm.Cli.Benchmarks.Inference.Reference;

/// <summary>erf to double precision, from its definition rather than from a fit that an engine might share.</summary>
internal static class ErrorFunction
{
    /// <summary>By its Taylor series where that converges fast, and by the continued fraction of erfc beyond.</summary>
    public static double Of(double x)
    {
        var size = Math.Abs(x);
        if (size > 6) return Math.Sign(x);
        if (size > 3)
        {
            var fraction = 0.0;
            for (var k = 60; k > 0; k--) fraction = k / 2.0 / (size + fraction);
            return Math.Sign(x) * (1 - Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (size + fraction));
        }
        double term = x, sum = x;
        for (var k = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            term *= -x * x / k;
            sum += term / (2 * k + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
