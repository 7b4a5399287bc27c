using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Streams;
using Trm.Tests.Postgres;

namespace Trm.Cluster.Tests.Sql;

public sealed class StreamingTests(StreamingTests.Silo silo) : IClassFixture<StreamingTests.Silo>, IAsyncLifetime
{
    private const string Service = "service";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    // A test's own stream; the test's provider has one queue, which it shares with no other test.
    private readonly StreamId stream = StreamId.Create("messages", Guid.NewGuid());

    public async ValueTask InitializeAsync() => await silo.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Messages_come_in_order_whole_and_once()
    {
        var queue = await OpenAsync(Silo.Ordinary);
        var large = new string('x', 1 << 20);
        foreach (var text in new[] { "1", "2", large }) await queue.SendAsync(text);
        await queue.Adapter.QueueMessageBatchAsync(stream, new[] { "4a", "4b" }, null!, new Dictionary<string, object> { ["key"] = "value" });

        Assert.Equal(["1", "2"], Texts(await queue.Receiver.GetQueueMessagesAsync(2, default)));
        var rest = await queue.Receiver.GetQueueMessagesAsync(100, default);
        Assert.Equal([large, "4a", "4b"], Texts(rest));
        Assert.All(rest, batch => Assert.Equal(stream, batch.StreamId));
        Assert.True(rest[1].ImportRequestContext());
        Assert.Equal("value", RequestContext.Get("key"));
        Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default));
    }

    [Fact]
    public async Task Receivers_share_a_queue_without_sharing_a_message()
    {
        var queue = await OpenAsync(Silo.Shared);
        var sent = Enumerable.Range(0, 200).Select(i => $"{i}").ToArray();
        await Task.WhenAll(sent.Select(text => Task.Run(() => queue.SendAsync(text))));

        var received = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var receiver = queue.NewReceiver();
            var mine = new List<string>();
            while (await receiver.GetQueueMessagesAsync(7, default) is { Count: > 0 } batches)
            {
                mine.AddRange(Texts(batches));
                await receiver.MessagesDeliveredAsync(batches, default);
            }
            return mine;
        })));
        Assert.Equal(sent.Order(StringComparer.Ordinal), received.SelectMany(texts => texts).Order(StringComparer.Ordinal));
        Assert.Equal(0, await MessagesAsync(Silo.Shared));
    }

    [Fact]
    public async Task A_confirmed_message_is_gone_and_others_are_kept()
    {
        var queue = await OpenAsync(Silo.Confirming);
        foreach (var text in new[] { "1", "2", "3" }) await queue.SendAsync(text);
        var batches = await queue.Receiver.GetQueueMessagesAsync(100, default);
        await queue.Receiver.MessagesDeliveredAsync([batches[0], batches[2]], default);
        Assert.Equal(1, await MessagesAsync(Silo.Confirming));

        await PassAsync(Silo.Confirming, TimeSpan.FromHours(2), "visible_on");
        Assert.Equal(["2"], Texts(await queue.Receiver.GetQueueMessagesAsync(100, default)));
    }

    [Fact]
    public async Task An_unconfirmed_message_comes_again_after_its_time_and_only_the_last_receipt_counts()
    {
        var queue = await OpenAsync(Silo.Redelivering);
        await queue.SendAsync("1");
        var lost = queue.NewReceiver();
        var first = await lost.GetQueueMessagesAsync(100, default);
        Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default));

        await PassAsync(Silo.Redelivering, TimeSpan.FromHours(2), "visible_on");
        var second = await queue.Receiver.GetQueueMessagesAsync(100, default);
        Assert.Equal(["1"], Texts(second));

        // The first receiver comes back: neither its confirmation nor its giving back touches what another holds.
        await lost.MessagesDeliveredAsync(first, default);
        await lost.Shutdown(Timeout, default);
        Assert.Equal(1, await MessagesAsync(Silo.Redelivering));
        Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default));

        await queue.Receiver.MessagesDeliveredAsync(second, default);
        Assert.Equal(0, await MessagesAsync(Silo.Redelivering));
    }

    [Fact]
    public async Task A_receiver_that_shuts_down_gives_back_what_it_holds_at_once()
    {
        var queue = await OpenAsync(Silo.Releasing);
        foreach (var text in new[] { "1", "2", "3" }) await queue.SendAsync(text);
        var batches = await queue.Receiver.GetQueueMessagesAsync(100, default);
        await queue.Receiver.MessagesDeliveredAsync([batches[0]], default);
        await queue.Receiver.Shutdown(Timeout, default);

        Assert.Equal(["2", "3"], Texts(await queue.NewReceiver().GetQueueMessagesAsync(100, default)));
    }

    [Fact]
    public async Task A_failed_delivery_is_tried_again_at_once_until_its_attempts_are_used_up()
    {
        var queue = await OpenAsync(Silo.Failing);
        await queue.SendAsync("1");
        await queue.SendAsync("2");
        var failures = await queue.Factory.GetDeliveryFailureHandler(queue.Id);
        for (var attempt = 1; attempt <= Silo.Attempts; attempt++)
        {
            var batches = await queue.Receiver.GetQueueMessagesAsync(100, default);
            Assert.Contains("1", Texts(batches));
            Assert.Equal(0, await DeadAsync(Silo.Failing));
            await failures.OnDeliveryFailure(GuidId.GetNewGuidId(), Silo.Failing, stream, batches[0].SequenceToken);
        }
        Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default));
        Assert.Equal(1, await DeadAsync(Silo.Failing));
        Assert.Equal(1, await MessagesAsync(Silo.Failing));
        Assert.Equal(
            Silo.Attempts, await Database.ReadAsync<int>(silo.Database, $"SELECT dequeued FROM orleans_stream_dead_letters WHERE provider = '{Silo.Failing}'"));
        Assert.True(await Database.ReadAsync<bool>(
            silo.Database, $"SELECT remove_on = dead_on + interval '3 days' FROM orleans_stream_dead_letters WHERE provider = '{Silo.Failing}'"));
    }

    [Fact]
    public async Task What_was_taken_too_often_or_is_too_old_becomes_a_dead_letter_and_then_nothing()
    {
        var queue = await OpenAsync(Silo.Evicting);
        await queue.SendAsync("taken too often");
        for (var attempt = 1; attempt <= Silo.Attempts; attempt++)
        {
            Assert.Single(await queue.Receiver.GetQueueMessagesAsync(100, default));
            Assert.Equal(0, await DeadAsync(Silo.Evicting));
            if (attempt < Silo.Attempts) await PassAsync(Silo.Evicting, TimeSpan.FromHours(2), "visible_on");
        }
        // A receiver holds it: it has its whole time, however often it was taken and however old it is.
        await PassAsync(Silo.Evicting, TimeSpan.FromDays(2), "expires_on");
        Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default));
        Assert.Equal(0, await DeadAsync(Silo.Evicting));
        await PassAsync(Silo.Evicting, TimeSpan.FromHours(2), "visible_on");
        Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default));
        Assert.Equal((0, 1), (await MessagesAsync(Silo.Evicting), await DeadAsync(Silo.Evicting)));

        await queue.SendAsync("too old");
        await queue.SendAsync("young");
        await PassAsync(Silo.Evicting, TimeSpan.FromDays(2), "expires_on", "id = (SELECT min(id) FROM orleans_stream_messages WHERE provider = 'evicting')");
        Assert.Equal(["young"], Texts(await queue.Receiver.GetQueueMessagesAsync(100, default)));
        Assert.Equal((1, 2), (await MessagesAsync(Silo.Evicting), await DeadAsync(Silo.Evicting)));

        await Database.ExecuteAsync(silo.Database, $"UPDATE orleans_stream_dead_letters SET remove_on = remove_on - interval '4 days' WHERE provider = '{Silo.Evicting}'");
        await queue.Receiver.GetQueueMessagesAsync(100, default);
        Assert.Equal((1, 0), (await MessagesAsync(Silo.Evicting), await DeadAsync(Silo.Evicting)));
    }

    [Fact]
    public async Task A_queue_is_swept_once_an_interval_by_whichever_receiver_comes_first()
    {
        var queue = await OpenAsync(Silo.Resting);
        Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default)); // takes the interval's sweep
        await queue.SendAsync("1");
        await PassAsync(Silo.Resting, TimeSpan.FromDays(2), "expires_on");
        Assert.Empty(await queue.NewReceiver().GetQueueMessagesAsync(100, default));
        Assert.Equal((1, 0), (await MessagesAsync(Silo.Resting), await DeadAsync(Silo.Resting)));

        await Database.ExecuteAsync(silo.Database, $"UPDATE orleans_stream_evictions SET due_at = due_at - interval '2 hours' WHERE provider = '{Silo.Resting}'");
        Assert.Empty(await queue.NewReceiver().GetQueueMessagesAsync(100, default));
        Assert.Equal((0, 1), (await MessagesAsync(Silo.Resting), await DeadAsync(Silo.Resting)));
    }

    [Fact]
    public async Task An_operator_may_sweep_so_many_at_a_time()
    {
        var queue = await OpenAsync(Silo.Swept);
        foreach (var text in new[] { "1", "2", "3" }) await queue.SendAsync(text);
        await PassAsync(Silo.Swept, TimeSpan.FromDays(2), "expires_on");

        await AskAsync("EvictStreamMessagesAsync", Service, Silo.Swept, queue.Id.ToString(), 2, Silo.Attempts, 0);
        Assert.Equal((1, 2), (await MessagesAsync(Silo.Swept), await DeadAsync(Silo.Swept)));
        await AskAsync("EvictStreamDeadLettersAsync", Service, Silo.Swept, queue.Id.ToString(), 1);
        Assert.Equal((1, 1), (await MessagesAsync(Silo.Swept), await DeadAsync(Silo.Swept)));
        await AskAsync("EvictStreamMessagesAsync", Service, Silo.Swept, queue.Id.ToString(), 2, Silo.Attempts, 3600);
        await AskAsync("EvictStreamDeadLettersAsync", Service, Silo.Swept, queue.Id.ToString(), 2);
        Assert.Equal((0, 1), (await MessagesAsync(Silo.Swept), await DeadAsync(Silo.Swept)));
    }

    [Fact]
    public async Task A_poll_that_finds_nothing_writes_nothing()
    {
        var queue = await OpenAsync(Silo.Idle);
        await queue.SendAsync("1");
        Assert.Single(await queue.Receiver.GetQueueMessagesAsync(100, default));

        // A transaction that writes gets a number, and the row that says when to sweep is the only one it could have written.
        const string Sweeps = $"SELECT xmin::text || '/' || ctid::text || '/' || xmax::text FROM orleans_stream_evictions WHERE provider = '{Silo.Idle}'";
        const string Messages = $"SELECT xmin::text || '/' || ctid::text || '/' || xmax::text FROM orleans_stream_messages WHERE provider = '{Silo.Idle}'";
        var before = (await Database.ReadAsync<string>(silo.Database, Sweeps), await Database.ReadAsync<string>(silo.Database, Messages));
        for (var poll = 0; poll < 20; poll++) Assert.Empty(await queue.Receiver.GetQueueMessagesAsync(100, default));
        Assert.Equal(before, (await Database.ReadAsync<string>(silo.Database, Sweeps), await Database.ReadAsync<string>(silo.Database, Messages)));
    }

    [Fact]
    public async Task A_grain_hears_in_order_what_another_says_on_a_stream()
    {
        var listener = silo.Grains.GetGrain<IListenerGrain>(Guid.NewGuid());
        await listener.ListenAsync();
        var said = Enumerable.Range(0, 50).Select(i => $"{i}").ToArray();
        foreach (var text in said) await listener.SayAsync(text);
        Assert.Equal(said, await listener.HeardAsync(said.Length));
    }

    private static IEnumerable<string> Texts(IEnumerable<IBatchContainer> batches) => batches.SelectMany(batch => batch.GetEvents<string>()).Select(e => e.Item1);

    private async Task<Queue> OpenAsync(string provider)
    {
        var factory = silo.Services.GetRequiredKeyedService<IQueueAdapterFactory>(provider);
        return new Queue(factory, await factory.CreateAdapter(default), factory.GetStreamQueueMapper().GetQueueForStream(stream), stream);
    }

    /// <summary>What two texts of the contract are for, though no provider calls them yet.</summary>
    private async Task AskAsync(string method, params object[] arguments)
    {
        var type = Assembly.Load("Orleans.Streaming.AdoNet").GetType("Orleans.Streaming.AdoNet.Storage.RelationalOrleansQueries", throwOnError: true)!;
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic;
        var opening = (Task)type.GetMethod("CreateInstance", Any, [typeof(string), typeof(string)])!.Invoke(null, [AdoNetSilo.Invariant, silo.Database])!;
        await opening;
        var queries = opening.GetType().GetProperty("Result")!.GetValue(opening);
        await (Task)type.GetMethod(method, Any)!.Invoke(queries, arguments)!;
    }

    /// <summary>Time passes for the messages of a provider.</summary>
    private Task PassAsync(string provider, TimeSpan time, string column, string which = "true") => Database.ExecuteAsync(
        silo.Database, $"UPDATE orleans_stream_messages SET {column} = {column} - interval '{time.TotalSeconds} seconds' WHERE provider = '{provider}' AND {which}");

    private Task<long> MessagesAsync(string provider) =>
        Database.ReadAsync<long>(silo.Database, $"SELECT count(*) FROM orleans_stream_messages WHERE provider = '{provider}'");

    private Task<long> DeadAsync(string provider) =>
        Database.ReadAsync<long>(silo.Database, $"SELECT count(*) FROM orleans_stream_dead_letters WHERE provider = '{provider}'");

    private sealed record Queue(IQueueAdapterFactory Factory, IQueueAdapter Adapter, QueueId Id, StreamId Stream)
    {
        public IQueueAdapterReceiver Receiver { get; } = Adapter.CreateReceiver(Id);

        public IQueueAdapterReceiver NewReceiver() => Adapter.CreateReceiver(Id);

        public Task SendAsync(string text) => Adapter.QueueMessageBatchAsync(Stream, [text], null!, null!);
    }

    /// <summary>A provider for each test, whose queue only the test reads; and one that the silo's own agents read.</summary>
    public sealed class Silo(PostgresServer server) : SiloFixture(server)
    {
        public const int Attempts = 3;
        public const string Ordinary = "ordinary";
        public const string Shared = "shared";
        public const string Confirming = "confirming";
        public const string Redelivering = "redelivering";
        public const string Releasing = "releasing";
        public const string Failing = "failing";
        public const string Evicting = "evicting";
        public const string Resting = "resting";
        public const string Swept = "swept";
        public const string Idle = "idle";

        protected override void Configure(ISiloBuilder builder)
        {
            foreach (var name in new[] { Ordinary, Shared, Confirming, Redelivering, Releasing, Failing, Resting, Swept, Idle }) Add(builder, name, agents: false);
            Add(builder, Evicting, agents: false, sweeps: TimeSpan.Zero);
            Add(builder, ListenerGrain.Provider, agents: true);
            builder.AddMemoryGrainStorage("PubSubStore");
        }

        private void Add(ISiloBuilder builder, string name, bool agents, TimeSpan? sweeps = null) => builder.AddAdoNetStreams(name, streams =>
        {
            streams.ConfigureAdoNet(options => options.Configure(o =>
            {
                o.Invariant = AdoNetSilo.Invariant;
                o.ConnectionString = Database;
                o.MaxAttempts = Attempts;
                o.VisibilityTimeout = TimeSpan.FromHours(1);
                o.ExpiryTimeout = TimeSpan.FromDays(1);
                o.DeadLetterEvictionTimeout = TimeSpan.FromDays(3);
                o.EvictionInterval = sweeps ?? TimeSpan.FromHours(1);
            }));
            if (!agents) streams.ConfigureLifecycle(options => options.Configure(o => o.StartupState = StreamLifecycleOptions.RunState.AgentsStopped));
        });
    }
}
