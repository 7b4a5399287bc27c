using System.Globalization;
using Trm.Core.Predictions;

namespace Trm.Cli.Output;

/// <summary>A prediction for people: strategy and id, confidence, the three likeliest with bars, halt probability.</summary>
internal static class PredictionBlock
{
    private const int BarWidth = 30;

    public static void Write(TextWriter output, IReadOnlyList<float> probabilities, float haltProbability)
    {
        var ranked = Strategy.All.OrderByDescending(s => probabilities[s.Id]).ToArray();
        var best = ranked[0];
        Line($"  Strategy    {best.Name} (id {best.Id}): {best.Benchmark} % equity, {best.Bond} % bond, {best.Cash} % cash");
        Line($"  Confidence  {probabilities[best.Id] * 100:0.0} %");
        foreach (var strategy in ranked.Take(3))
        {
            var share = probabilities[strategy.Id];
            Line($"    {strategy.Name,-22}{share * 100,5:0.0} %  {new string('█', (int)Math.Round(share * BarWidth))}");
        }
        Line($"  Halt        {haltProbability * 100:0.0} %");

        void Line(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }
}
