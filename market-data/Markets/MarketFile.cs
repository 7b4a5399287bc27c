using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Trm.Core.Markets;

namespace Trm.MarketData.Markets;

/// <summary>One <c>markets/*.json</c>, as written; <see cref="ToMarket"/> checks every key.</summary>
internal sealed partial class MarketFile
{
    private const int MaxFreshForHours = 24 * 366;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        // A misspelt key is an error, not a default in silence.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Benchmark { get; init; }
    public string? Bond { get; init; }
    public string? VolatilityIndex { get; init; }
    public IReadOnlyList<string?>? Members { get; init; }
    public IReadOnlyList<string?>? VolatilityProducts { get; init; }
    public string? PutCallSymbol { get; init; }
    public string? TimeZone { get; init; }
    public string? SessionClose { get; init; }
    public double? FreshForHours { get; init; }

    /// <summary>Reads and checks a definition.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="InvalidMarketException">Not JSON, an unknown key, or a value that cannot be.</exception>
    public static Market Read(string json, string file)
    {
        try
        {
            var definition = JsonSerializer.Deserialize<MarketFile>(json, Json) ?? throw new InvalidMarketException(file, "the file holds null; it must be an object");
            return definition.ToMarket(file);
        }
        catch (JsonException e)
        {
            throw new InvalidMarketException(file, e.Message, e);
        }
    }

    private Market ToMarket(string file)
    {
        var id = Required("id", Id);
        Check(IdPattern().IsMatch(id), "id", id, "must be 1 to 64 of a-z 0-9 . _ - and start with a letter or digit");

        var members = Symbols("members", Members);
        Check(members.Count > 0, "members", "[]", "must name at least the benchmark and the bond");
        var products = Symbols("volatilityProducts", VolatilityProducts);
        foreach (var product in products) Check(!members.Contains(product), "volatilityProducts", product, "is among members too; name it once");

        var benchmark = Symbol("benchmark", Required("benchmark", Benchmark));
        Check(members.Contains(benchmark), "benchmark", benchmark, "must be one of members");
        var bond = Symbol("bond", Required("bond", Bond));
        Check(members.Contains(bond), "bond", bond, "must be one of members");
        Check(bond != benchmark, "bond", bond, "must differ from benchmark");

        var index = Symbol("volatilityIndex", Required("volatilityIndex", VolatilityIndex));
        Check(!members.Contains(index) && !products.Contains(index), "volatilityIndex", index, "must not be among members or volatilityProducts");
        if (PutCallSymbol is { } putCall)
        {
            Symbol("putCallSymbol", putCall);
            Check(!members.Contains(putCall) && !products.Contains(putCall) && putCall != index, "putCallSymbol", putCall, "must not have another role");
        }

        var market = new Market
        {
            Id = id,
            Benchmark = benchmark,
            Bond = bond,
            VolatilityIndex = index,
            Members = members,
            VolatilityProducts = products,
            PutCallSymbol = PutCallSymbol,
        };
        if (Name is { } name)
        {
            Check(!string.IsNullOrWhiteSpace(name), "name", name, "must not be blank");
            market = market with { Name = name };
        }
        if (TimeZone is { } zone)
        {
            Check(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _), "timeZone", zone, "is no time zone known here; use an IANA name such as America/New_York");
            market = market with { TimeZone = zone };
        }
        if (SessionClose is { } close)
        {
            var known = TimeOnly.TryParseExact(close, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
            Check(known, "sessionClose", close, "must be a time of day as HH:mm");
            market = market with { SessionClose = time };
        }
        if (FreshForHours is { } hours)
        {
            Check(hours is > 0 and <= MaxFreshForHours, "freshForHours", hours.ToString(CultureInfo.InvariantCulture), $"must be over 0 and at most {MaxFreshForHours}");
            market = market with { FreshFor = TimeSpan.FromHours(hours) };
        }
        return market;

        string Required(string key, [NotNull] string? value) => value ?? throw new InvalidMarketException(file, $"{key} is missing");

        void Check(bool holds, string key, string value, string rule)
        {
            if (!holds) throw new InvalidMarketException(file, $"{key} '{value}' {rule}");
        }

        string Symbol(string key, string? value)
        {
            Check(value is not null && SymbolPattern().IsMatch(value), key, value ?? "null", "must be a ticker: 1 to 24 of A-Z 0-9 . _ = ^ / -");
            return value!;
        }

        List<string> Symbols(string key, IReadOnlyList<string?>? values)
        {
            var seen = new List<string>();
            foreach (var value in values ?? [])
            {
                var symbol = Symbol(key, value);
                Check(!seen.Contains(symbol), key, symbol, "is named twice");
                seen.Add(symbol);
            }
            return seen;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A[A-Z0-9._=^/-]{1,24}\z")]
    private static partial Regex SymbolPattern();
}
