using Trm.Core;

namespace Trm.GrainInterfaces;

/// <summary>
/// An error of the domain as it comes out of a grain call: the code and the message of the <see cref="TrmException"/> that was
/// thrown there. <c>cluster_unavailable</c> is the caller's own: nobody answered.
/// </summary>
/// <param name="code">Stable, lower_snake_case.</param>
/// <param name="message">One line; for the caller's log.</param>
/// <param name="publicMessage">What clients may be told; the message when null.</param>
/// <param name="inner">What the caller saw, when it is the caller's own.</param>
public sealed class ClusterException(string code, string message, string? publicMessage = null, Exception? inner = null)
    : TrmException(code, message, inner)
{
    /// <summary>Code of an error that says nothing of the request: the cluster did not answer.</summary>
    public const string Unavailable = "cluster_unavailable";

    /// <inheritdoc/>
    public override string PublicMessage => publicMessage ?? Message;
}
