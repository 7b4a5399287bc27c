using System.CommandLine;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary><c>trm predict</c>: one prediction from ten numbers, or one for each JSON line on stdin.</summary>
internal static class PredictCommand
{
    private static readonly Option<string> Features = new("--features") { Description = $"Ten numbers separated by commas: {string.Join(", ", FeatureNames.All)}", HelpName = "numbers" };

    public static Command Create() => CommandRunner.Create(
        "predict",
        "Predict from ten features; without --features, reads JSON lines from stdin (an array of ten, or an object by name).",
        [.. SettingOptions.OfModel, SettingOptions.Precision],
        [Features, SettingOptions.Json],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var predictor = Composition.Predictor(context.Settings);
        return context.Line.GetValue(Features) is { } numbers
            ? await PredictOneAsync(predictor, FeatureText.FromCsv(numbers), context).ConfigureAwait(false)
            : await PredictLinesAsync(predictor, context).ConfigureAwait(false);
    }

    private static async Task<int> PredictOneAsync(IPredictor predictor, FeatureVector features, CommandContext context)
    {
        var output = await predictor.PredictAsync(features, context.Cancellation).ConfigureAwait(false);
        if (context.Json) JsonOutput.WriteLine(features, output, CommandContext.Time.GetUtcNow());
        else PredictionBlock.Write(Console.Out, output.Probabilities, output.HaltProbability);
        return CommandRunner.Done;
    }

    // One line out for each line in, an error included, so that callers can match them up.
    private static async Task<int> PredictLinesAsync(IPredictor predictor, CommandContext context)
    {
        if (!Console.IsInputRedirected)
            throw new UsageException("give --features with ten numbers, or JSON lines on stdin");

        var (number, failed) = (0, false);
        while (await Console.In.ReadLineAsync(context.Cancellation).ConfigureAwait(false) is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                var features = FeatureText.FromJson(line, predictor.Model);
                var output = await predictor.PredictAsync(features, context.Cancellation).ConfigureAwait(false);
                JsonOutput.WriteLine(features, output, CommandContext.Time.GetUtcNow());
            }
            catch (TrmException error)
            {
                failed = true;
                JsonOutput.WriteError(number, error);
            }
        }
        return failed ? CommandRunner.Failed : CommandRunner.Done;
    }
}
