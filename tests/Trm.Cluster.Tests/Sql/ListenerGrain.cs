using Orleans.Concurrency;
using Orleans.Streams;

namespace Trm.Cluster.Tests.Sql;

[Reentrant]
internal sealed class ListenerGrain : Grain, IListenerGrain
{
    public const string Provider = "spoken";

    private readonly List<string> heard = [];
    private TaskCompletionSource more = new();

    private IAsyncStream<string> Stream => this.GetStreamProvider(Provider).GetStream<string>("spoken", this.GetPrimaryKey());

    public Task ListenAsync() => Stream.SubscribeAsync((text, _) =>
    {
        heard.Add(text);
        var waiting = more;
        more = new TaskCompletionSource();
        waiting.SetResult();
        return Task.CompletedTask;
    });

    public Task SayAsync(string text) => Stream.OnNextAsync(text);

    public async Task<IReadOnlyList<string>> HeardAsync(int count)
    {
        while (heard.Count < count) await more.Task;
        return heard;
    }
}
