using System.Globalization;
using Trm.Inference;

namespace Trm.Cli.Doctor.Checks;

/// <summary>The model loads, its feature set is known, and it answers its golden cases as it did when it was made.</summary>
/// <param name="path">A package or a checkpoint.</param>
/// <param name="options">What a checkpoint does not say of itself.</param>
internal sealed class ModelCheck(string path, ModelLoadOptions options) : IDoctorCheck
{
    public string Name => "model";

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        var model = TrmModel.Load(path, options);
        var golden = ModelPackage.GoldenPath(path);
        return Task.FromResult<IReadOnlyList<Finding>>([File.Exists(golden) ? Verified(ModelPackage.Verify(model, golden)) : Unverified(model, golden)]);
    }

    private static Finding Verified(ModelVerification result)
    {
        var figures = string.Create(CultureInfo.InvariantCulture, $"{result.ProbabilityDifference:0.0e+0} in probabilities, {result.HaltDifference:0.0e+0} in halt");
        return result.Passed
            ? Finding.Ok($"{result.Model.Version} ({result.Model.FeatureSet}) answers its {result.Cases} golden cases to {figures}")
            : Finding.Fail($"{result.Model.Version} is off its {result.Cases} golden cases by {figures}", "get the package anew: its weights or its golden.json are not those it was made with");
    }

    private static Finding Unverified(TrmModel model, string golden) => Finding.Warn(
        $"{model.Info.Version} ({model.Info.FeatureSet}) loads; there is no {Path.GetFileName(golden)} to hold it against",
        "make a package of it with 'trm model import', or put its golden file there");
}
