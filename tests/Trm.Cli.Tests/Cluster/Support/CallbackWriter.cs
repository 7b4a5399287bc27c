using System.Text;

namespace Trm.Cli.Tests.Cluster.Support;

/// <summary>Calls back for each line that is written.</summary>
internal sealed class CallbackWriter(Action<string> onLine) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => onLine(value ?? "");
}
