using System.Diagnostics;
using Trm.Core.Telemetry;

namespace Trm.GrainInterfaces.Predictions;

/// <summary>
/// Carries the span of who asks a predictor beside the call. Orleans carries it only with spans of its own around every call, which
/// are off by default.
/// </summary>
internal static class CallTrace
{
    private const string Key = "trm.traceparent";

    /// <summary>Before a call: the calling method's calls from here on belong to its current span.</summary>
    public static void Send()
    {
        if (Activity.Current is { Recorded: true } caller) RequestContext.Set(Key, caller.Id!);
    }

    /// <summary>In a call: the called method works for the span that came with it.</summary>
    public static void Continue() => TrmTelemetry.ContinueTrace(RequestContext.Get(Key) as string);
}
