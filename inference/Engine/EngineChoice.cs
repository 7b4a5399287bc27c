namespace Trm.Inference.Engine;

/// <summary>An engine and why it was taken.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Reason">For a log, with the figures: <c>int16 is within 2.1e-05 in probabilities and 4.4e-05 in halt of fp32</c>.</param>
public sealed record EngineChoice(IInferenceEngine Engine, string Reason);
