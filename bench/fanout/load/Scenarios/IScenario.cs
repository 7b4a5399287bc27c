using Trm.Bench.FanOut.Reports;

namespace Trm.Bench.FanOut.Scenarios;

/// <summary>One of the bench's verbs.</summary>
internal interface IScenario
{
    /// <exception cref="Core.TrmException">The gateway cannot be measured; a peer that cannot is a line of the report.</exception>
    IReport Run(BenchContext context);
}
