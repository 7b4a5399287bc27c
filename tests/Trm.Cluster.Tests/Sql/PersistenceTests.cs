using Orleans.Runtime;
using Orleans.Storage;
using Trm.Tests.Postgres;

namespace Trm.Cluster.Tests.Sql;

public sealed class PersistenceTests(PersistenceTests.Silo silo) : IClassFixture<PersistenceTests.Silo>, IAsyncLifetime
{
    /// <summary>Every kind of key that Orleans stores in another way.</summary>
    public static TheoryData<string> Keys => [.. Ids.Keys];

    private static readonly GrainType Market = GrainType.Create("market");

    private static readonly Guid AnyGuid = new("8f0c7f0e-5f53-4a6e-9c1c-1f8f6a9b2d11");

    private static readonly Dictionary<string, GrainId> Ids = new()
    {
        ["text"] = GrainId.Create("market", "us-equities"),
        ["text in another script"] = GrainId.Create("market", "märkte/日本"),
        ["integer"] = GrainId.Create(Market, GrainIdKeyExtensions.CreateIntegerKey(42)),
        ["negative integer"] = GrainId.Create(Market, GrainIdKeyExtensions.CreateIntegerKey(-42)),
        ["integer with text"] = GrainId.Create(Market, GrainIdKeyExtensions.CreateIntegerKey(42, "a")),
        ["integer with other text"] = GrainId.Create(Market, GrainIdKeyExtensions.CreateIntegerKey(42, "b")),
        ["guid"] = GrainId.Create(Market, GrainIdKeyExtensions.CreateGuidKey(AnyGuid)),
        ["guid with text"] = GrainId.Create(Market, GrainIdKeyExtensions.CreateGuidKey(AnyGuid, "a")),
    };

    private readonly string name = $"state-{Guid.NewGuid():N}";

    private static GrainId Id => Ids["text"];

    public async ValueTask InitializeAsync() => await silo.StartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory, MemberData(nameof(Keys))]
    public async Task A_state_is_read_as_it_was_written_and_is_nobody_elses(string key)
    {
        var storage = silo.Storage(AdoNetSilo.Clears);
        foreach (var (other, id) in Ids) await storage.WriteStateAsync(name, id, State(other));
        await storage.WriteStateAsync(name + "-other", Ids[key], State("of another name"));

        var read = await ReadAsync(storage, Ids[key]);
        Assert.Equal((key, true), (read.State!.Text, read.RecordExists));
        Assert.NotNull(read.ETag);
    }

    [Fact]
    public async Task A_state_that_was_never_written_is_new()
    {
        var read = await ReadAsync(silo.Storage(AdoNetSilo.Clears));
        Assert.Equal((null, null, false), (read.State!.Text, read.ETag, read.RecordExists));
    }

    [Fact]
    public async Task A_state_of_nothing_is_kept_as_such()
    {
        var storage = silo.Storage(AdoNetSilo.Clears);
        await storage.WriteStateAsync(name, Id, new GrainState<Note?>(null));
        var read = await ReadAsync(storage);
        Assert.Equal((null, true), (read.State!.Text, read.RecordExists));
        Assert.NotNull(read.ETag);
    }

    [Fact]
    public async Task A_large_state_comes_back_whole()
    {
        var storage = silo.Storage(AdoNetSilo.Clears);
        var text = string.Create(1 << 20, 0, (span, _) =>
        {
            var random = new Random(20260105);
            for (var i = 0; i < span.Length; i++) span[i] = (char)random.Next('0', 'z');
        });
        var state = State(text);
        await storage.WriteStateAsync(name, Id, state);
        Assert.Equal(text, (await ReadAsync(storage)).State!.Text);

        state.State!.Text = text[1..];
        await storage.WriteStateAsync(name, Id, state);
        Assert.Equal(text[1..], (await ReadAsync(storage)).State!.Text);
    }

    [Fact]
    public async Task Each_write_has_a_new_version_and_the_reader_of_an_old_one_may_not_write()
    {
        var storage = silo.Storage(AdoNetSilo.Clears);
        var mine = State("1");
        await storage.WriteStateAsync(name, Id, mine);
        var theirs = await ReadAsync(storage);
        mine.State!.Text = "2";
        await storage.WriteStateAsync(name, Id, mine);
        Assert.NotEqual(theirs.ETag, mine.ETag);

        theirs.State!.Text = "3";
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(name, Id, theirs));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync(name, Id, theirs));
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage(AdoNetSilo.Deletes).ClearStateAsync(name, Id, theirs));
        var read = await ReadAsync(storage);
        Assert.Equal(("2", mine.ETag), (read.State!.Text, read.ETag));
    }

    [Fact]
    public async Task Who_read_nothing_may_not_overwrite_something()
    {
        var storage = silo.Storage(AdoNetSilo.Clears);
        await storage.WriteStateAsync(name, Id, State("first"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(name, Id, State("second")));
        Assert.Equal("first", (await ReadAsync(storage)).State!.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_many_who_write_at_once_from_one_reading_one_has_written(bool exists)
    {
        var storage = silo.Storage(AdoNetSilo.Clears);
        if (exists) await storage.WriteStateAsync(name, Id, State("before"));
        var etag = (await ReadAsync(storage)).ETag;
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await storage.WriteStateAsync(name, Id, new GrainState<Note>(new Note { Text = $"{i}" }, etag));
                return i;
            }
            catch (InconsistentStateException)
            {
                return -1;
            }
        })));
        Assert.Equal($"{Assert.Single(results, i => i >= 0)}", (await ReadAsync(storage)).State!.Text);
    }

    [Fact]
    public async Task A_cleared_state_is_gone_and_its_row_knows_the_version()
    {
        var storage = silo.Storage(AdoNetSilo.Clears);
        var state = State("text");
        await storage.WriteStateAsync(name, Id, state);
        var written = state.ETag;
        await storage.ClearStateAsync(name, Id, state);
        Assert.Equal((null, false), (state.State!.Text, state.RecordExists));

        var read = await ReadAsync(storage);
        Assert.Equal((null, state.ETag, false), (read.State!.Text, read.ETag, read.RecordExists));
        Assert.NotEqual(written, read.ETag);
        Assert.Equal(1, await RowsAsync());
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(name, Id, State("by one who read nothing")));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(name, Id, new GrainState<Note>(new Note(), written)));

        read.State!.Text = "again";
        await storage.WriteStateAsync(name, Id, read);
        Assert.Equal("again", (await ReadAsync(storage)).State!.Text);
    }

    [Fact]
    public async Task A_deleted_state_leaves_no_row_and_may_begin_again()
    {
        var storage = silo.Storage(AdoNetSilo.Deletes);
        var state = State("text");
        await storage.WriteStateAsync(name, Id, state);
        await storage.ClearStateAsync(name, Id, state);
        Assert.Equal((null, null, false), (state.State!.Text, state.ETag, state.RecordExists));
        Assert.Equal(0, await RowsAsync());

        state.State!.Text = "again";
        await storage.WriteStateAsync(name, Id, state);
        Assert.Equal("again", (await ReadAsync(storage)).State!.Text);
    }

    [Fact]
    public async Task Who_slept_through_a_deletion_may_not_write()
    {
        var storage = silo.Storage(AdoNetSilo.Deletes);
        var state = State("old");
        await storage.WriteStateAsync(name, Id, state);
        var sleeper = await ReadAsync(storage);
        await storage.ClearStateAsync(name, Id, state);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(name, Id, sleeper));
        Assert.Equal(0, await RowsAsync());

        // Nor when the state has begun again with its first version.
        await storage.WriteStateAsync(name, Id, State("new"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync(name, Id, sleeper));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync(name, Id, sleeper));
        Assert.Equal("new", (await ReadAsync(storage)).State!.Text);
    }

    [Theory]
    [InlineData(AdoNetSilo.Clears)]
    [InlineData(AdoNetSilo.Deletes)]
    public async Task To_clear_what_is_not_there_is_no_error(string provider)
    {
        var state = new GrainState<Note>(new Note());
        await silo.Storage(provider).ClearStateAsync(name, Id, state);
        Assert.False(state.RecordExists);
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task A_grain_finds_its_state_in_its_next_activation()
    {
        var grain = silo.Grains.GetGrain<INoteGrain>(name);
        Assert.Null(await grain.ReadAsync());
        await grain.WriteAsync("one");
        await grain.ForgetAsync();
        Assert.Equal("one", await grain.ReadAsync());
        await grain.WriteAsync("two");
        await grain.ClearAsync();
        await grain.ForgetAsync();
        Assert.Null(await grain.ReadAsync());
    }

    private static GrainState<Note> State(string text) => new(new Note { Text = text });

    private Task<GrainState<Note>> ReadAsync(IGrainStorage storage) => ReadAsync(storage, Id);

    private async Task<GrainState<Note>> ReadAsync(IGrainStorage storage, GrainId id)
    {
        var state = new GrainState<Note>();
        await storage.ReadStateAsync(name, id, state);
        return state;
    }

    private Task<long> RowsAsync() => Database.ReadAsync<long>(silo.Database, $"SELECT count(*) FROM orleans_grain_states WHERE name = '{name}'");

    public sealed class Silo(PostgresServer server) : SiloFixture(server);
}
