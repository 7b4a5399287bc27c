using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.Core.Drift;
using Trm.Core.Outcomes;

namespace Trm.Cli.Hosting;

/// <summary>Says in the log what keeping outcomes came to.</summary>
internal sealed class OutcomeLogger(ILogger<OutcomeLogger> logger) : IOutcomeObserver
{
    public void OnRecorded(string market, int sessions) => logger.OutcomesRecorded(market, sessions);

    // An error that has a name says enough in its line; one that nobody foresaw needs its stack.
    public void OnFailed(string market, Exception error) => logger.OutcomesNotRecorded(market, error.Message, error is TrmException ? null : error);

    public void OnDrift(string market, string feature, double index, int sessions) => logger.Drifted(market, feature, index, DriftReport.Threshold, sessions);
}
