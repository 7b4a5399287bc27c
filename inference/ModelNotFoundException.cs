using Trm.Core;

namespace Trm.Inference;

/// <summary>A model, or a file that belongs to it, is not where it was looked for.</summary>
/// <param name="message">One line that names the path and what to do.</param>
public sealed class ModelNotFoundException(string message) : TrmException("model_not_found", message);
