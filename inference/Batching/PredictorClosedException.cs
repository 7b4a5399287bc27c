using Trm.Core;

namespace Trm.Inference.Batching;

/// <summary>The predictor was disposed: it finishes what it took on and takes on no more.</summary>
/// <param name="version">Version of its model.</param>
public sealed class PredictorClosedException(string version) : TrmException(
    "predictor_closed", $"the predictor of model {version} is shut down; ask one that runs");
