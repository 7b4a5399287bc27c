namespace Trm.Core;

/// <summary>
/// An error that a caller can act on: a stable code for programs and one line for people that names the
/// value, the limit and what to do.
/// </summary>
/// <param name="code">Stable, lower_snake_case; travels on the wire as <c>prediction_error.code</c>.</param>
/// <param name="message">One line.</param>
/// <param name="inner">What caused it, if anything did.</param>
public class TrmException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable, lower_snake_case name of the error.</summary>
    public string Code { get; } = code;

    /// <summary>
    /// What clients are told. The same as the message, unless that speaks of this machine (a path, a cause): such an error
    /// says here what clients can do, and the whole of it goes to the log.
    /// </summary>
    public virtual string PublicMessage => Message;
}
