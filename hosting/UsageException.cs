using Trm.Core;

namespace Trm.Hosting;

/// <summary>The command line or configuration asks for something that cannot be: exit code 2.</summary>
/// <param name="message">One line that says what to do.</param>
internal sealed class UsageException(string message) : TrmException("usage", message);
