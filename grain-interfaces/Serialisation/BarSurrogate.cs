using Trm.Core.Bars;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="Bar"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.bar")]
internal struct BarSurrogate
{
    [Id(0)] public string Symbol;
    [Id(1)] public DateOnly Session;
    [Id(2)] public double Open;
    [Id(3)] public double High;
    [Id(4)] public double Low;
    [Id(5)] public double Close;
    [Id(6)] public double Volume;
}

[RegisterConverter]
internal sealed class BarConverter : IConverter<Bar, BarSurrogate>
{
    public Bar ConvertFromSurrogate(in BarSurrogate surrogate) => new(
        surrogate.Symbol, surrogate.Session, surrogate.Open, surrogate.High, surrogate.Low, surrogate.Close, surrogate.Volume);

    public BarSurrogate ConvertToSurrogate(in Bar value) => new()
    {
        Symbol = value.Symbol,
        Session = value.Session,
        Open = value.Open,
        High = value.High,
        Low = value.Low,
        Close = value.Close,
        Volume = value.Volume,
    };
}
