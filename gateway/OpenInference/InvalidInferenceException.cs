using Trm.Core;

namespace Trm.Gateway.OpenInference;

/// <summary>An inference request that does not keep to the protocol or to this model's tensors.</summary>
/// <param name="message">Names the field, its value and what to send.</param>
/// <param name="inner">What found it, if anything did.</param>
internal sealed class InvalidInferenceException(string message, Exception? inner = null) : TrmException("invalid_inference", message, inner);
