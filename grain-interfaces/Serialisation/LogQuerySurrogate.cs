using Trm.Core.Predictions;

namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="LogQuery"/> between processes.</summary>
[GenerateSerializer]
[Alias("trm.log-query")]
internal struct LogQuerySurrogate
{
    [Id(0)] public long? After;
    [Id(1)] public long? Before;
    [Id(2)] public DateTimeOffset? From;
    [Id(3)] public DateTimeOffset? To;
    [Id(4)] public int Limit;
    [Id(5)] public bool Newest;
}

[RegisterConverter]
internal sealed class LogQueryConverter : IConverter<LogQuery, LogQuerySurrogate>
{
    public LogQuery ConvertFromSurrogate(in LogQuerySurrogate surrogate) => new()
    {
        After = surrogate.After,
        Before = surrogate.Before,
        From = surrogate.From,
        To = surrogate.To,
        Limit = surrogate.Limit,
        Newest = surrogate.Newest,
    };

    public LogQuerySurrogate ConvertToSurrogate(in LogQuery value) => new()
    {
        After = value.After,
        Before = value.Before,
        From = value.From,
        To = value.To,
        Limit = value.Limit,
        Newest = value.Newest,
    };
}
