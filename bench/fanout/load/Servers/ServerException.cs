using Trm.Core;

namespace Trm.Bench.FanOut.Servers;

/// <summary>A server that is not there, not ready, gone, or does not keep to the protocol.</summary>
/// <param name="message">One line that says why.</param>
/// <param name="inner">What caused it, if anything did.</param>
internal sealed class ServerException(string message, Exception? inner = null) : TrmException("server", message, inner);
