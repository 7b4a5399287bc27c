namespace Trm.GrainInterfaces.Serialisation;

/// <summary>A <see cref="ClusterException"/> between processes. Stack and cause stay where it was thrown, in that log.</summary>
[GenerateSerializer]
[Alias("trm.cluster-exception")]
internal struct ClusterExceptionSurrogate
{
    [Id(0)] public string Code;
    [Id(1)] public string Message;
    [Id(2)] public string PublicMessage;
}

[RegisterConverter]
internal sealed class ClusterExceptionConverter : IConverter<ClusterException, ClusterExceptionSurrogate>
{
    public ClusterException ConvertFromSurrogate(in ClusterExceptionSurrogate surrogate) =>
        new(surrogate.Code, surrogate.Message, surrogate.PublicMessage);

    public ClusterExceptionSurrogate ConvertToSurrogate(in ClusterException value) =>
        new() { Code = value.Code, Message = value.Message, PublicMessage = value.PublicMessage };
}
