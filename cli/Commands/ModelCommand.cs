using System.CommandLine;
using System.Globalization;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core.Predictions;
using Trm.Hosting;
using Trm.Inference;
using Trm.Inference.Export;

namespace Trm.Cli.Commands;

/// <summary><c>trm model show|verify|import|export</c>: look at a model, check it, make a package of a checkpoint or a graph of it.</summary>
internal static class ModelCommand
{
    private static readonly Option<FileInfo> Golden = new("--golden") { Description = "Reference cases to check against; default the package's golden.json", HelpName = "file" };

    private static readonly Option<DirectoryInfo> To = new("--output") { Description = "Folder of the new package", HelpName = "dir", Required = true };

    private static readonly Option<FileInfo> ToFile = new("--output") { Description = "The new file", HelpName = "file", Required = true };

    private static readonly Option<string> Format = new("--format") { Description = "onnx: a graph; safetensors: the weights, with the normalisation in the metadata; default onnx", HelpName = "format" };

    private static readonly Option<string> Form = new("--form")
    {
        Description = "hoisted computes the input's part once; naive is word for word as the formulas; default hoisted",
        HelpName = "form",
    };

    private static readonly Option<string> Multiply = new("--precision")
    {
        Description = "fp32, or int8: dynamic quantisation, faster in large batches and off by up to 1e-2; default fp32",
        HelpName = "precision",
    };

    public static Command Create() => new("model", "Show, check, import and export models.")
    {
        CommandRunner.Create("show", "Print what a model says of itself.", SettingOptions.OfModel, [SettingOptions.Json], ShowAsync),
        CommandRunner.Create("verify", "Check a package's claims and its weights' SHA-256, run the reference cases and print how far the answers are off.", SettingOptions.OfModel, [Golden, SettingOptions.Json], VerifyAsync),
        CommandRunner.Create("import", "Make a model package of a checkpoint: PyTorch, safetensors, or the initialisers of an ONNX graph.", SettingOptions.OfModel, [To], ImportAsync),
        CommandRunner.Create("export", "Write a model for other programs: an ONNX graph (normalised features in, probabilities and halt out) or its weights.", SettingOptions.OfModel, [ToFile, Format, Form, Multiply], ExportAsync),
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
        var path = Composition.ModelPath(settings);
        var result = ModelPackage.Verify(path, Composition.ModelOptions(settings), context.Line.GetValue(Golden)?.FullName);
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
            Line($"{(result.Passed ? "ok" : "FAILED")}: {result.Model.Version}, {(Directory.Exists(path) ? "claims and SHA-256 hold, " : "")}{result.Cases} cases; largest difference {result.NormalizedDifference:0.0e+0} in z-scores, {result.ProbabilityDifference:0.0e+0} in probabilities, {result.HaltDifference:0.0e+0} in halt (limit {ModelVerification.Tolerance:0e+0})");
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

    private static Task<int> ExportAsync(CommandContext context)
    {
        var path = context.Line.GetValue(ToFile)!.FullName;
        return Choice(context, Format, ("onnx", false), ("safetensors", true)) ? ExportWeights(context, path) : ExportGraph(context, path);
    }

    private static Task<int> ExportGraph(CommandContext context, string path)
    {
        var form = Choice(context, Form, ("hoisted", OnnxForm.Hoisted), ("naive", OnnxForm.Naive));
        var precision = Choice(context, Multiply, ("fp32", OnnxPrecision.Fp32), ("int8", OnnxPrecision.Int8));
        var model = Composition.Model(context.Settings);
        var bytes = OnnxExport.WriteFile(path, model, form, precision);
        Line($"written to {path}: {model.Info.Version}, {bytes:N0} bytes, opset {OnnxExport.Opset}");
        return Task.FromResult(CommandRunner.Done);
    }

    private static Task<int> ExportWeights(CommandContext context, string path)
    {
        foreach (var option in new[] { Form, Multiply })
        {
            if (context.Line.GetValue(option) is not null) throw new UsageException($"{option.Name} is of ONNX graphs; leave it out with --format safetensors");
        }
        var model = Composition.Model(context.Settings);
        var bytes = SafetensorsExport.WriteFile(path, model);
        Line($"written to {path}: {model.Info.Version}, {bytes:N0} bytes");
        return Task.FromResult(CommandRunner.Done);
    }

    // The first word is the default.
    private static T Choice<T>(CommandContext context, Option<string> option, params (string Word, T Value)[] choices)
    {
        if (context.Line.GetValue(option) is not { } said) return choices[0].Value;
        foreach (var (word, value) in choices)
        {
            if (word == said) return value;
        }
        throw new UsageException($"{option.Name} {said} is not known; use {string.Join(" or ", choices.Select(choice => choice.Word))}");
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
