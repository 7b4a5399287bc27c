using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Markets;

public class MarketTests
{
    [Theory]
    [InlineData("2020-01-02", "2020-01-02T21:00:00Z")]
    [InlineData("2020-07-02", "2020-07-02T20:00:00Z")]
    public void A_session_is_as_of_its_close_in_the_exchanges_zone_winter_and_summer(string session, string close)
    {
        var date = DateOnly.Parse(session);
        var market = Make.Market();

        Assert.Equal(DateTimeOffset.Parse(close), market.CloseOf(date));
        Assert.Equal(date, market.SessionOf(market.CloseOf(date)));
    }

    [Fact]
    public void A_complete_session_has_every_member_product_and_index_once()
    {
        var market = Make.Market() with { VolatilityProducts = ["VIXY", "VIX"] };

        Assert.Equal(["SPY", "TLT", "VIXY", "VIX"], market.Symbols);
    }

    [Fact]
    public void A_copy_with_other_symbols_has_its_own_list()
    {
        var market = Make.Market();
        Assert.Equal(["SPY", "TLT", "VIX"], market.Symbols);

        Assert.Equal(["SPY", "TLT", "VIX", "PCR"], (market with { PutCallSymbol = "PCR" }).Symbols);
    }
}
