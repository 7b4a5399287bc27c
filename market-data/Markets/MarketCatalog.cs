using System.Diagnostics.CodeAnalysis;
using Trm.Core.Markets;
using Trm.Core.Predictions;

namespace Trm.MarketData.Markets;

/// <summary>The markets of this installation, from a folder of <c>markets/*.json</c>.</summary>
public sealed class MarketCatalog
{
    private readonly Dictionary<string, Market> byId;

    private MarketCatalog(IEnumerable<Market> markets)
    {
        Markets = [.. markets];
        byId = Markets.ToDictionary(m => m.Id, StringComparer.Ordinal);
    }

    /// <summary>The shipped <c>us-equities</c>, for when there is no folder.</summary>
    public static MarketCatalog Default { get; } = new([ReadEmbedded("us-equities.json")]);

    /// <summary>All, in the order of their file names.</summary>
    public IReadOnlyList<Market> Markets { get; }

    /// <summary>Reads every <c>*.json</c> of a folder.</summary>
    /// <exception cref="InvalidMarketException">The folder is missing or has none, a file is not right, or two share an id.</exception>
    public static MarketCatalog Load(string folder)
    {
        if (!Directory.Exists(folder)) throw new InvalidMarketException(folder, "the folder of market definitions does not exist");
        var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0) throw new InvalidMarketException(folder, "the folder has no *.json; put one file for each market there");

        var markets = new Dictionary<string, (Market Market, string File)>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var market = MarketFile.Read(ReadText(file), file);
            if (!markets.TryAdd(market.Id, (market, file)))
                throw new InvalidMarketException(file, $"id '{market.Id}' is also in {markets[market.Id].File}; give each market its own");
        }
        return new MarketCatalog(markets.Values.Select(m => m.Market));
    }

    /// <summary>A market by its id.</summary>
    /// <exception cref="UnknownMarketException">There is none.</exception>
    public Market Get(string id) => TryGet(id, out var market) ? market : throw new UnknownMarketException(id, byId.Keys);

    /// <summary>The markets of a list of ids; all of them when the list is <c>*</c>.</summary>
    /// <exception cref="UnknownMarketException">One is not there.</exception>
    public IReadOnlyList<Market> Select(IReadOnlyList<string> ids) => ids is ["*"] ? Markets : [.. ids.Select(Get)];

    /// <summary>A market by its id; false when there is none.</summary>
    public bool TryGet(string id, [MaybeNullWhen(false)] out Market market) => byId.TryGetValue(id, out market);

    private static string ReadText(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidMarketException(file, $"cannot be read ({e.Message})", e);
        }
    }

    private static Market ReadEmbedded(string name)
    {
        using var reader = new StreamReader(typeof(MarketCatalog).Assembly.GetManifestResourceStream(name)!);
        return MarketFile.Read(reader.ReadToEnd(), name);
    }
}
