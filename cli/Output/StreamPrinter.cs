using System.Globalization;
using Trm.Core.Predictions;
using Trm.Core.Snapshots;

namespace Trm.Cli.Output;

/// <summary>Prints the live stream: a block for each prediction, or a JSON line.</summary>
internal sealed class StreamPrinter(bool json) : IFeedListener
{
    private readonly Lock gate = new();

    public void OnPrediction(Prediction prediction)
    {
        lock (gate)
        {
            if (json)
            {
                JsonOutput.WriteLine(prediction);
                return;
            }
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{prediction.Timestamp:yyyy-MM-dd HH:mm:ss} UTC  {prediction.Market} #{prediction.Sequence}  {prediction.Origin.WireName()}, as of {prediction.AsOf:yyyy-MM-dd HH:mm}"));
            PredictionBlock.Write(Console.Out, prediction.Probabilities, prediction.HaltProbability);
            Console.Out.WriteLine();
        }
    }

    public void OnError(PredictionError error) => Console.Error.WriteLine($"trm: no prediction for {error.Market}: {error.Code}: {error.Message}");
}
