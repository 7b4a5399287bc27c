using Trm.Core;

namespace Trm.MarketData.Import;

/// <summary>
/// An input of which nothing could be read: <c>file_not_found</c>, <c>file_unreadable</c>, <c>empty_file</c> or
/// <c>bad_header</c>.
/// </summary>
/// <param name="code">One of the above.</param>
/// <param name="message">One line that names the input and what it must look like.</param>
/// <param name="inner">What the file system said.</param>
public sealed class ImportException(string code, string message, Exception? inner = null) : TrmException(code, message, inner);
