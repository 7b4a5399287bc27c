using Trm.Core.Predictions;

namespace Trm.Gateway.Models;

/// <summary>
/// Loads the model again from where it came. The host registers one when it can; without it
/// <c>POST /api/model/reload</c> answers 501.
/// </summary>
public interface IModelReloader
{
    /// <summary>
    /// Loads, checks and warms the model up, then swaps it in: calls under way finish on the old one, later ones use the
    /// new one. Two calls at once take turns.
    /// </summary>
    /// <returns>The model now in use.</returns>
    /// <exception cref="Core.TrmException">The new one is bad; the old one stays in use, and the message says why.</exception>
    Task<ModelInfo> ReloadAsync(CancellationToken cancellation);
}
