using Trm.Core.Bars;
using Trm.Core.Markets;

namespace Trm.Core.Features;

/// <summary>
/// The newest sessions of a market in a ring of fixed size: all that an extractor may look at. Features are a
/// function of these sessions alone (no running sums), so where reading started leaves no trace in them.
/// </summary>
internal sealed class SessionWindow
{
    private readonly IReadOnlyList<string> symbols;
    private readonly int capacity;
    private readonly DateOnly[] dates;
    private readonly double[] closes;
    private readonly double[] volumes;
    private int newest = -1;

    /// <param name="market">Whose symbols are kept.</param>
    /// <param name="capacity">Sessions kept, the newest included.</param>
    public SessionWindow(Market market, int capacity)
    {
        this.capacity = capacity;
        symbols = market.Symbols;
        dates = new DateOnly[capacity];
        closes = new double[capacity * symbols.Count];
        volumes = new double[capacity * symbols.Count];
        Array.Fill(closes, double.NaN);
        Array.Fill(volumes, double.NaN);
    }

    /// <summary>Sessions held, at most the capacity.</summary>
    public int Count { get; private set; }

    /// <summary>Drops the oldest session when full and takes the next.</summary>
    /// <exception cref="ArgumentException">The session is not later than the newest.</exception>
    public void Push(Session session)
    {
        if (Count > 0 && session.Date <= dates[newest])
            throw new ArgumentException($"session {session.Date:yyyy-MM-dd} is not later than {dates[newest]:yyyy-MM-dd}; sessions come in date order", nameof(session));

        newest = (newest + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
        dates[newest] = session.Date;
        for (var symbol = 0; symbol < symbols.Count; symbol++)
        {
            var held = session.Bars.TryGetValue(symbols[symbol], out var bar);
            closes[(newest * symbols.Count) + symbol] = held ? bar.Close : double.NaN;
            volumes[(newest * symbols.Count) + symbol] = held ? bar.Volume : double.NaN;
        }
    }

    /// <summary>Number of a symbol in this window; −1 when the market has no such symbol.</summary>
    public int IndexOf(string? symbol)
    {
        for (var i = 0; i < symbols.Count; i++)
        {
            if (string.Equals(symbols[i], symbol, StringComparison.Ordinal)) return i;
        }
        return -1;
    }

    /// <summary>Date of the session <paramref name="ago"/> sessions before the newest, which is 0.</summary>
    public DateOnly Date(int ago) => dates[Slot(ago)];

    /// <summary>Close of a symbol <paramref name="ago"/> sessions ago; NaN without a bar.</summary>
    public double Close(int symbol, int ago) => closes[(Slot(ago) * symbols.Count) + symbol];

    /// <summary>Volume of a symbol <paramref name="ago"/> sessions ago; NaN without a bar.</summary>
    public double Volume(int symbol, int ago) => volumes[(Slot(ago) * symbols.Count) + symbol];

    /// <summary>Return over <paramref name="span"/> sessions of the market; NaN when either end has no bar.</summary>
    public double Return(int symbol, int ago, int span = 1) => (Close(symbol, ago) / Close(symbol, ago + span)) - 1;

    private int Slot(int ago)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ago, capacity);
        var slot = newest - ago;
        return slot < 0 ? slot + capacity : slot;
    }
}
