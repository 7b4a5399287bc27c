using Trm.Core;

namespace Trm.Inference;

/// <summary>A model file that cannot be used: corrupt, hostile, or made for another service.</summary>
/// <param name="message">One line that names the file or tensor, what it has and what it must have.</param>
/// <param name="inner">What caused it, if anything did.</param>
public sealed class ModelFormatException(string message, Exception? inner = null) : TrmException("model_format", message, inner)
{
    /// <summary>Text from a file, fit for one line of a message: control characters replaced, cut at 80.</summary>
    internal static string Printable(string text) =>
        string.Concat(text.Take(80).Select(c => c is >= ' ' and <= '~' ? c : '?')) + (text.Length > 80 ? "..." : "");
}
