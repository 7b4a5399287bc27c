using Trm.Core.Markets;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="Market"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.market")]
internal struct MarketSurrogate
{
    [Id(0)] public string Id;
    [Id(1)] public string Name;
    [Id(2)] public string Benchmark;
    [Id(3)] public string Bond;
    [Id(4)] public string VolatilityIndex;
    [Id(5)] public string[] Members;
    [Id(6)] public string[] VolatilityProducts;
    [Id(7)] public string? PutCallSymbol;
    [Id(8)] public string TimeZone;
    [Id(9)] public TimeOnly SessionClose;
    [Id(10)] public TimeSpan FreshFor;
}

[RegisterConverter]
internal sealed class MarketConverter : IConverter<Market, MarketSurrogate>
{
    public Market ConvertFromSurrogate(in MarketSurrogate surrogate) => new()
    {
        Id = surrogate.Id,
        Name = surrogate.Name,
        Benchmark = surrogate.Benchmark,
        Bond = surrogate.Bond,
        VolatilityIndex = surrogate.VolatilityIndex,
        Members = surrogate.Members,
        VolatilityProducts = surrogate.VolatilityProducts,
        PutCallSymbol = surrogate.PutCallSymbol,
        TimeZone = surrogate.TimeZone,
        SessionClose = surrogate.SessionClose,
        FreshFor = surrogate.FreshFor,
    };

    public MarketSurrogate ConvertToSurrogate(in Market value) => new()
    {
        Id = value.Id,
        Name = value.Name,
        Benchmark = value.Benchmark,
        Bond = value.Bond,
        VolatilityIndex = value.VolatilityIndex,
        Members = [.. value.Members],
        VolatilityProducts = [.. value.VolatilityProducts],
        PutCallSymbol = value.PutCallSymbol,
        TimeZone = value.TimeZone,
        SessionClose = value.SessionClose,
        FreshFor = value.FreshFor,
    };
}
