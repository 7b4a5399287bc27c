namespace Trm.Cluster.Tests.Sql;

[GenerateSerializer]
internal sealed class Note
{
    [Id(0)]
    public string? Text { get; set; }
}
