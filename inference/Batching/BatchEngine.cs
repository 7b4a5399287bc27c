using Trm.Inference.Engine;

namespace Trm.Inference.Batching;

/// <summary>An engine that takes batches.</summary>
/// <param name="Engine">Runs them; belongs to the <see cref="BatchingPredictor"/> it is given to, which disposes it.</param>
/// <param name="Workers">
/// Batches it runs at once, each on a thread of its own: the cores for an engine on the processor, 1 for one on a device
/// that runs one after the other anyway.
/// </param>
/// <param name="Reason">Why it was taken, for logs, when that was a choice.</param>
public sealed record BatchEngine(IInferenceEngine Engine, int Workers, string? Reason = null);
