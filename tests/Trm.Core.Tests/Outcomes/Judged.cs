using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Core.Tests.Outcomes;

/// <summary>Judged predictions for arithmetic by hand.</summary>
internal static class Judged
{
    /// <summary>The best strategy has utility 0 and return 0.01, the others −0.01 and −0.01.</summary>
    public static SessionOutcome Outcome(int best, int day = 0) => new(
        TestCloses.Day(day), TestCloses.Day(day + 5),
        [.. Strategy.All.Select(s => s.Id == best ? 0.01 : -0.01)], [.. Strategy.All.Select(s => s.Id == best ? 0.0 : -0.01)]);

    /// <summary>A prediction that gives one strategy a probability and the others the rest alike.</summary>
    public static JudgedPrediction Of(int predicted, double confidence, int best, int day = 0, string model = "m-1") => new(
        Guid.Empty, day + 1, model, [.. Strategy.All.Select(s => (float)(s.Id == predicted ? confidence : (1 - confidence) / 7))], Outcome(best, day));
}
