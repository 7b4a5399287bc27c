using System.ComponentModel;
using System.Runtime.InteropServices;
using Trm.Core;

namespace Trm.Bench.FanOut.Net;

/// <summary>The system refused a call that always succeeds on a machine that is set up for the run.</summary>
/// <param name="what">What was tried.</param>
/// <param name="error">The system's error number.</param>
internal sealed class NetworkException(string what, int error) : TrmException("network", $"{what}: {new Win32Exception(error).Message}")
{
    public static NetworkException Last(string what) => new(what, Marshal.GetLastPInvokeError());
}
