// Predictions in a program of your own: load a model once, ask it from any thread.
//     dotnet run --project samples/library

using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Inference;

var predictor = new ManagedPredictor(TrmModel.Load(Path.Combine(AppContext.BaseDirectory, "model")));

// vix, spy_returns_5d, spy_returns_20d, volume_ratio, market_breadth, correlation, put_call_ratio, gini, dispersion, quality
var features = FeatureVector.From([14.5, -0.02, -0.05, 1.1, 0.45, 0.28, 0.725, 0.42, 0.006, 1.0]);

var output = await predictor.PredictAsync(features);
var strategy = Strategy.MostProbable(output.Probabilities);

Console.WriteLine($"{predictor.Model.Version}: {strategy.Name}, confidence {output.Probabilities[strategy.Id]:P1}");
Console.WriteLine($"{strategy.Benchmark} % equity, {strategy.Bond} % bond, {strategy.Cash} % cash");
