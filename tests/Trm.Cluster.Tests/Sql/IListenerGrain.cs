namespace Trm.Cluster.Tests.Sql;

/// <summary>Listens to the stream of its key.</summary>
internal interface IListenerGrain : IGrainWithGuidKey
{
    Task ListenAsync();

    Task SayAsync(string text);

    /// <summary>Completes when so many texts were heard.</summary>
    Task<IReadOnlyList<string>> HeardAsync(int count);
}
