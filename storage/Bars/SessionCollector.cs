using Trm.Core.Bars;

namespace Trm.Storage.Bars;

/// <summary>Puts bars that come by session and symbol together to sessions.</summary>
/// <param name="symbols">The market's symbols, as the strings that all its bars share.</param>
internal sealed class SessionCollector(Dictionary<string, string> symbols)
{
    private readonly List<Session> sessions = [];
    private Dictionary<string, Bar> bars = new(symbols.Count, StringComparer.Ordinal);
    private long current;

    /// <summary>The sessions that are whole.</summary>
    public IReadOnlyList<Session> Sessions => sessions;

    /// <summary>Ends the session before this one; without bars of the market it is none.</summary>
    public void Start(long key)
    {
        if (key == current) return;
        End();
        current = key;
    }

    public void Add(string name, double open, double high, double low, double close, double volume)
    {
        // A symbol that has left the market's definition stays in the store, but is no part of its sessions.
        if (!symbols.TryGetValue(name, out var symbol)) return;
        bars[symbol] = new Bar(symbol, SessionKey.ToDate(current), open, high, low, close, volume);
    }

    public void End()
    {
        if (bars.Count == 0) return;
        sessions.Add(new Session(SessionKey.ToDate(current), bars));
        bars = new Dictionary<string, Bar>(symbols.Count, StringComparer.Ordinal);
    }
}
