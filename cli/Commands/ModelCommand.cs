using System.CommandLine;
using System.Globalization;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core.Predictions;
using Trm.Inference;

namespace Trm.Cli.Commands;

/// <summary><c>trm model show|verify|import</c>: look at a model, check it, make a package of a checkpoint.</summary>
internal static class ModelCommand
{
    private static readonly Option<FileInfo> Golden = new("--golden") { Description = "Reference cases to check against; default the package's golden.json", HelpName = "file" };

    private static readonly Option<DirectoryInfo> To = new("--output") { Description = "Folder of the new package", HelpName = "dir", Required = true };

    public static Command Create() => new("model", "Show, check and import models.")
    {
        CommandRunner.Create("show", "Print what a model says of itself.", SettingOptions.OfModel, [SettingOptions.Json], ShowAsync),
        CommandRunner.Create("verify", "Run a model's reference cases and print how far its answers are off.", SettingOptions.OfModel, [Golden, SettingOptions.Json], VerifyAsync),
        CommandRunner.Create("import", "Make a model package of a PyTorch checkpoint.", SettingOptions.OfModel, [To], ImportAsync),
    };

    private static Task<int> ShowAsync(CommandContext context)
    {
        var model = Composition.Model(context.Settings).Info;
        if (context.Json)
        {
            JsonOutput.Write(json => Write(json, model));
        }
        else
        {
            Line($"name            {model.Name}");
            Line($"version         {model.Version}");
            Line($"feature set     {model.FeatureSet}");
            Line($"architecture    H {model.HiddenSize}, {model.RecursionCycles} cycles x {model.LatentSteps} latent steps, effective depth {model.EffectiveDepth}");
            Line($"parameters      {model.Parameters:N0}");
            if (model.TrainedFrom is { } from) Line($"trained on      {from:yyyy-MM-dd} to {model.TrainedTo:yyyy-MM-dd}");
        }
        return Task.FromResult(CommandRunner.Done);
    }

    private static Task<int> VerifyAsync(CommandContext context)
    {
        var settings = context.Settings;
        var result = ModelPackage.Verify(Composition.ModelPath(settings), Composition.ModelOptions(settings), context.Line.GetValue(Golden)?.FullName);
        if (context.Json)
        {
            JsonOutput.Write(json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("passed", result.Passed);
                json.WriteString("version", result.Model.Version);
                json.WriteNumber("cases", result.Cases);
                json.WriteNumber("normalized_difference", result.NormalizedDifference);
                json.WriteNumber("probability_difference", result.ProbabilityDifference);
                json.WriteNumber("halt_difference", result.HaltDifference);
                json.WriteEndObject();
            });
        }
        else
        {
            Line($"{(result.Passed ? "ok" : "FAILED")}: {result.Model.Version}, {result.Cases} cases; largest difference {result.NormalizedDifference:0.0e+0} in z-scores, {result.ProbabilityDifference:0.0e+0} in probabilities, {result.HaltDifference:0.0e+0} in halt (limit {ModelVerification.Tolerance:0e+0})");
        }
        return Task.FromResult(result.Passed ? CommandRunner.Done : CommandRunner.Failed);
    }

    private static Task<int> ImportAsync(CommandContext context)
    {
        var folder = context.Line.GetValue(To)!.FullName;
        ModelPackage.Write(folder, Composition.Model(context.Settings));
        Line($"written to {folder}");
        return Task.FromResult(CommandRunner.Done);
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, ModelInfo model)
    {
        json.WriteStartObject();
        json.WriteString("name", model.Name);
        json.WriteString("version", model.Version);
        json.WriteString("feature_set", model.FeatureSet);
        json.WriteNumber("hidden_size", model.HiddenSize);
        json.WriteNumber("recursion_cycles", model.RecursionCycles);
        json.WriteNumber("latent_steps", model.LatentSteps);
        json.WriteNumber("effective_depth", model.EffectiveDepth);
        json.WriteNumber("parameters", model.Parameters);
        if (model.TrainedFrom is { } from) json.WriteString("trained_from", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (model.TrainedTo is { } to) json.WriteString("trained_to", to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void Line(FormattableString text) => Console.Out.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
