using Trm.Core;

namespace Trm.Gateway.Access;

/// <summary>A key or token that is not taken, or a file of keys that cannot be used.</summary>
/// <param name="code">Stable, lower_snake_case.</param>
/// <param name="message">One line; names no secret.</param>
/// <param name="inner">What caused it, if anything did.</param>
public sealed class AccessException(string code, string message, Exception? inner = null) : TrmException(code, message, inner);
