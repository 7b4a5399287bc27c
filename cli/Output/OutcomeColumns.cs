using System.Globalization;
using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Core.Outcomes;
using Trm.Core.Predictions;

namespace Trm.Cli.Output;

/// <summary>The columns that <c>trm features --outcomes</c> adds: what training learns from, made by the rule that judges the log.</summary>
internal sealed class OutcomeColumns
{
    private static readonly string Titles =
        ",settled," + string.Join(',', Strategy.All.Select(s => $"return_{s.Name}").Concat(Strategy.All.Select(s => $"utility_{s.Name}")));

    private static readonly string Empty = new(',', 1 + (2 * Strategy.Count));

    private readonly Dictionary<DateOnly, SessionOutcome>? outcomes;

    private OutcomeColumns(Dictionary<DateOnly, SessionOutcome>? outcomes) => this.outcomes = outcomes;

    /// <summary>No columns.</summary>
    public static OutcomeColumns None { get; } = new(null);

    /// <summary>With a comma before the first.</summary>
    public string Header => outcomes is null ? "" : Titles;

    public static async Task<OutcomeColumns> ReadAsync(IBarStore store, Market market, DateOnly? from, DateOnly? to, CancellationToken cancellation) => new(
        await OutcomeSeries.ReadAsync(store, market, OutcomeRule.UtilityV1, from, to, cancellation)
            .ToDictionaryAsync(outcome => outcome.Session, cancellationToken: cancellation).ConfigureAwait(false));

    /// <summary>A session's cells, with a comma before the first; empty ones when its horizon is not over.</summary>
    public string Cells(DateOnly session)
    {
        if (outcomes is null) return "";
        if (!outcomes.TryGetValue(session, out var outcome)) return Empty;
        var numbers = outcome.Returns.Concat(outcome.Utilities).Select(n => n.ToString("R", CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture, $",{outcome.Settled:yyyy-MM-dd},{string.Join(',', numbers)}");
    }
}
