using System.Text.Json.Nodes;
using Trm.Core.Predictions;
using Trm.MarketData.Markets;
using Trm.Tests;

namespace Trm.MarketData.Tests.Markets;

public sealed class MarketCatalogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trm-markets-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_shipped_market_is_complete_and_the_same_with_and_without_its_folder()
    {
        var shipped = MarketCatalog.Load(Path.Combine(SharedData.RepositoryRoot, "markets")).Get("us-equities");
        var embedded = MarketCatalog.Default.Get("us-equities");
        Assert.Equal("SPY QQQ IWM TLT IEF SHY GLD SLV HYG LQD UUP FXE EEM EFA VIXY VIX", string.Join(' ', shipped.Symbols));
        Assert.Equal(shipped.Symbols, embedded.Symbols);
        Assert.Equal(("SPY", "TLT", "VIX"), (shipped.Benchmark, shipped.Bond, shipped.VolatilityIndex));
        Assert.Equal((new TimeOnly(16, 0), TimeSpan.FromHours(100), "America/New_York"), (shipped.SessionClose, shipped.FreshFor, shipped.TimeZone));
    }

    [Fact]
    public void A_folder_holds_many_markets()
    {
        Write("b.json", Valid());
        Write("a.json", Valid("other"));
        var catalog = MarketCatalog.Load(folder);
        Assert.Equal(["other", "good"], catalog.Markets.Select(m => m.Id));
        Assert.Equal("good", catalog.Get("good").Name);
    }

    [Fact]
    public void An_unknown_market_is_told_with_those_there_are()
    {
        var e = Assert.Throws<UnknownMarketException>(() => MarketCatalog.Default.Get("crypto"));
        Assert.Contains("crypto", e.Message, StringComparison.Ordinal);
        Assert.Contains("us-equities", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id", "US Equities", "id 'US Equities' must be 1 to 64")]
    [InlineData("id", "-x", "id '-x'")]
    [InlineData("id", null, "id is missing")]
    [InlineData("benchmark", null, "benchmark is missing")]
    [InlineData("benchmark", "QQQ", "benchmark 'QQQ' must be one of members")]
    [InlineData("bond", "IEF", "bond 'IEF' must be one of members")]
    [InlineData("bond", "SPY", "bond 'SPY' must differ from benchmark")]
    [InlineData("volatilityIndex", null, "volatilityIndex is missing")]
    [InlineData("volatilityIndex", "SPY", "volatilityIndex 'SPY' must not be among members")]
    [InlineData("putCallSymbol", "VIX", "putCallSymbol 'VIX' must not have another role")]
    [InlineData("timeZone", "America/New_Yrok", "timeZone 'America/New_Yrok' is no time zone")]
    [InlineData("sessionClose", "4pm", "sessionClose '4pm' must be a time of day as HH:mm")]
    [InlineData("name", " ", "name ' ' must not be blank")]
    [InlineData("bnechmark", "SPY", "bnechmark")]
    public void A_wrong_key_is_told_with_its_file_and_value(string key, string? value, string message)
    {
        var json = Valid();
        json[key] = value;
        Refuses(json, message);
    }

    [Theory]
    [InlineData("members", """["SPY","TLT","SPY"]""", "members 'SPY' is named twice")]
    [InlineData("members", """["SPY","TLT","spx!"]""", "members 'spx!' must be a ticker")]
    [InlineData("members", """["SPY","TLT",null]""", "members 'null' must be a ticker")]
    [InlineData("members", "[]", "members '[]' must name")]
    [InlineData("members", "\"SPY\"", "members")]
    [InlineData("volatilityProducts", """["SPY"]""", "volatilityProducts 'SPY' is among members too")]
    [InlineData("freshForHours", "0", "freshForHours '0' must be over 0")]
    [InlineData("freshForHours", "\"100\"", "freshForHours")]
    public void A_wrong_list_or_number_is_told_with_its_file_and_value(string key, string value, string message)
    {
        var json = Valid();
        json[key] = JsonNode.Parse(value);
        Refuses(json, message);
    }

    [Fact]
    public void Two_files_with_one_id_are_both_named()
    {
        Write("a.json", Valid());
        Write("b.json", Valid());
        var e = Assert.Throws<InvalidMarketException>(() => MarketCatalog.Load(folder));
        Assert.Contains("a.json", e.Message, StringComparison.Ordinal);
        Assert.Contains("b.json", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void A_file_that_is_no_definition_is_named(string text)
    {
        File.WriteAllText(Path.Combine(folder, "broken.json"), text);
        var e = Assert.Throws<InvalidMarketException>(() => MarketCatalog.Load(folder));
        Assert.Contains("broken.json", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_definitions_is_named()
    {
        Assert.Contains(folder, Assert.Throws<InvalidMarketException>(() => MarketCatalog.Load(folder)).Message, StringComparison.Ordinal);
        var missing = Path.Combine(folder, "missing");
        Assert.Contains(missing, Assert.Throws<InvalidMarketException>(() => MarketCatalog.Load(missing)).Message, StringComparison.Ordinal);
    }

    private static JsonObject Valid(string id = "good") => new()
    {
        ["id"] = id,
        ["benchmark"] = "SPY",
        ["bond"] = "TLT",
        ["volatilityIndex"] = "VIX",
        ["members"] = new JsonArray("SPY", "TLT"),
    };

    private void Write(string file, JsonObject market) => File.WriteAllText(Path.Combine(folder, file), market.ToJsonString());

    private void Refuses(JsonObject market, string message)
    {
        Write("wrong.json", market);
        var e = Assert.Throws<InvalidMarketException>(() => MarketCatalog.Load(folder));
        Assert.Contains("wrong.json: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }
}
