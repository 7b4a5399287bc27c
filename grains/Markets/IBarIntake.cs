using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.GrainInterfaces.Snapshots;

namespace Trm.Grains.Markets;

/// <summary>Where pushed bars go; the silo provides it over its importer.</summary>
public interface IBarIntake
{
    /// <summary>Stores bars; bad ones are told by their index from 0.</summary>
    Task<BarReceipt> TakeAsync(Market market, IReadOnlyList<Bar> bars);

    /// <summary>Stores bars of a CSV text with a header; bad ones are told by their line from 1.</summary>
    /// <exception cref="Core.TrmException">The text as a whole is unusable.</exception>
    Task<BarReceipt> TakeCsvAsync(Market market, string csv);
}
