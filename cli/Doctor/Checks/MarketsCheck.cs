using Trm.Core.Markets;

namespace Trm.Cli.Doctor.Checks;

/// <summary>The definitions of the markets can be read.</summary>
/// <param name="markets">Reads them.</param>
internal sealed class MarketsCheck(Func<IReadOnlyList<Market>> markets) : IDoctorCheck
{
    public string Name => "markets";

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Finding>>(
        [Finding.Ok(string.Join(", ", markets().Select(m => $"{m.Id} ({m.Symbols.Count} symbols, close {m.SessionClose:HH\\:mm} {m.TimeZone})")))]);
}
