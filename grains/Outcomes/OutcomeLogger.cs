using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Drift;
using Trm.Core.Outcomes;

namespace Trm.Grains.Outcomes;

/// <summary>Says in the silo's log what keeping outcomes came to.</summary>
internal sealed class OutcomeLogger(ILogger<OutcomeLogger> logger) : IOutcomeObserver
{
    public void OnRecorded(string market, int sessions) => Log.OutcomesRecorded(logger, market, sessions);

    // An error that has a name says enough in its line; one that nobody foresaw needs its stack.
    public void OnFailed(string market, Exception error) => Log.OutcomesNotRecorded(logger, market, error.Message, error is TrmException ? null : error);

    public void OnDrift(string market, string feature, double index, int sessions) => Log.Drifted(logger, market, feature, index, DriftReport.Threshold, sessions);
}
