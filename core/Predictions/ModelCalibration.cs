namespace Trm.Core.Predictions;

/// <summary>How a model's probabilities were made honest after training. Inference does nothing: the weights hold it already.</summary>
/// <param name="Method"><c>temperature</c>: the logits were divided by one number.</param>
/// <param name="Temperature">That number, &gt; 0; above 1 it made the model less sure.</param>
/// <param name="FittedFrom">First session it was fitted on, when known.</param>
/// <param name="FittedTo">Last session it was fitted on, when known.</param>
public sealed record ModelCalibration(string Method, double Temperature, DateOnly? FittedFrom, DateOnly? FittedTo);
