using System.Globalization;
using Trm.Core.Drift;
using Trm.Core.Features;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Inference.Packages;

/// <summary>
/// What a package says of its labels, its calibration and its training rows. It may say nothing; what it says must hold.
/// </summary>
internal static class TrainingFacts
{
    /// <summary>Of shares that are written with a few digits.</summary>
    private const double SumTolerance = 1e-6;

    public static OutcomeRule? Labels(PackageManifest.LabelsSection? section)
    {
        if (section is null) return null;
        if (section.HorizonSessions < 1) throw Wrong("labels.horizon_sessions", section.HorizonSessions, "1 or more");
        if (!(double.IsFinite(section.TotalRisk) && section.TotalRisk >= 0)) throw Wrong("labels.total_risk", section.TotalRisk, "a finite number from 0 up");
        if (!(double.IsFinite(section.ActiveRisk) && section.ActiveRisk >= 0)) throw Wrong("labels.active_risk", section.ActiveRisk, "a finite number from 0 up");
        if (!(double.IsFinite(section.Temperature) && section.Temperature > 0)) throw Wrong("labels.temperature", section.Temperature, "a finite number above 0");
        var rule = new OutcomeRule(section.Rule, section.HorizonSessions, section.TotalRisk, section.ActiveRisk, section.Temperature);
        if (rule.Name == OutcomeRule.UtilityV1.Name) CheckSame(rule, OutcomeRule.UtilityV1);
        return rule;
    }

    public static ModelCalibration? Calibration(PackageManifest.CalibrationSection? section)
    {
        if (section is null) return null;
        if (section.Method != "temperature")
            throw new ModelFormatException($"calibration.method is '{ModelFormatException.Printable(section.Method)}'; it must be 'temperature'");
        if (!section.Folded) throw new ModelFormatException("calibration.folded is false; divide the output head's weights and bias by the temperature and say true");
        if (!(double.IsFinite(section.Temperature) && section.Temperature > 0)) throw Wrong("calibration.temperature", section.Temperature, "a finite number above 0");
        return new ModelCalibration(section.Method, section.Temperature, section.FittedFrom, section.FittedTo);
    }

    public static IReadOnlyDictionary<string, FeatureBins>? Distribution(IReadOnlyDictionary<string, FeatureBins>? section)
    {
        foreach (var (feature, bins) in section ?? new Dictionary<string, FeatureBins>()) Check($"feature_distribution.{ModelFormatException.Printable(feature)}", feature, bins);
        return section;
    }

    // A rule's name stands for its numbers.
    private static void CheckSame(OutcomeRule said, OutcomeRule known)
    {
        (string Field, double Said, double Known)[] numbers =
        [
            ("horizon_sessions", said.HorizonSessions, known.HorizonSessions), ("total_risk", said.TotalRisk, known.TotalRisk),
            ("active_risk", said.ActiveRisk, known.ActiveRisk), ("temperature", said.Temperature, known.Temperature),
        ];
        foreach (var (field, value, wanted) in numbers)
        {
            if (value != wanted) throw Wrong($"labels.{field}", value, string.Create(CultureInfo.InvariantCulture, $"{wanted:R}, which {known.Name} has; another rule needs another name"));
        }
    }

    private static void Check(string field, string feature, FeatureBins? bins)
    {
        if (!FeatureNames.All.Contains(feature)) throw new ModelFormatException($"{field} is no feature; there is {string.Join(", ", FeatureNames.All)}");
        if (bins is not { Edges: { } edges, Shares: { } shares }) throw new ModelFormatException($"{field} must have edges and shares");
        if (edges.Count > FeatureBins.MaxEdges) throw Wrong($"{field}.edges", edges.Count, $"at most {FeatureBins.MaxEdges} numbers");
        if (shares.Count != edges.Count + 1) throw new ModelFormatException($"{field} has {edges.Count} edges and {shares.Count} shares; there must be one share more");
        for (var i = 0; i < edges.Count; i++)
        {
            if (!double.IsFinite(edges[i]) || (i > 0 && edges[i] <= edges[i - 1])) throw Wrong($"{field}.edges[{i}]", edges[i], "finite and above the one before");
        }
        for (var i = 0; i < shares.Count; i++)
        {
            if (!(shares[i] >= 0 && shares[i] <= 1)) throw Wrong($"{field}.shares[{i}]", shares[i], "from 0 to 1");
        }
        if (Math.Abs(shares.Sum() - 1) > SumTolerance) throw Wrong($"{field}.shares", Math.Round(shares.Sum(), 6), "1 in sum");
    }

    private static ModelFormatException Wrong(string field, double value, string wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{field} is {value:R}; it must be {wanted}"));
}
