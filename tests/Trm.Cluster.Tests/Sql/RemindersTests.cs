using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Trm.Tests.Postgres;

namespace Trm.Cluster.Tests.Sql;

public sealed class RemindersTests(RemindersTests.Silo silo) : IClassFixture<RemindersTests.Silo>, IAsyncLifetime
{
    /// <summary>Of a reminder whose coming is waited for: it comes again and again, so none can be missed.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private static readonly DateTime Start = new(2026, 1, 5, 21, 0, 0, DateTimeKind.Utc);

    private readonly string prefix = $"{Guid.NewGuid():N}";
    private IReminderTable table = null!;

    public async ValueTask InitializeAsync()
    {
        await silo.StartedAsync();
        table = silo.Services.GetRequiredService<IReminderTable>();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(60_000)]
    [InlineData(100L * 24 * 3600 * 1000)] // more milliseconds than 32 bits hold
    public async Task A_reminder_is_read_as_it_was_written(long milliseconds)
    {
        var written = Reminder(1, "a") with { Period = TimeSpan.FromMilliseconds(milliseconds) };
        var etag = await table.UpsertRow(written.ToEntry());
        await table.UpsertRow(Reminder(1, "b").ToEntry());

        var read = await table.ReadRow(written.Grain, "a");
        Assert.Equal((written, etag), (Row.Of(read!), read!.ETag));
        Assert.Equal(DateTimeKind.Utc, read.StartAt.Kind);
    }

    [Fact]
    public async Task A_reminder_that_is_not_there_is_null()
    {
        await table.UpsertRow(Reminder(1, "a").ToEntry());
        Assert.Null(await table.ReadRow(Grain(1), "b"));
        Assert.Null(await table.ReadRow(Grain(2), "a"));
    }

    [Fact]
    public async Task A_reminder_written_again_is_replaced_under_a_new_tag()
    {
        var first = await table.UpsertRow(Reminder(1, "a").ToEntry());
        var changed = Reminder(1, "a") with { Start = Start.AddDays(1), Period = TimeSpan.FromHours(2) };
        var second = await table.UpsertRow(changed.ToEntry());

        Assert.NotEqual(first, second);
        var read = Assert.Single((await table.ReadRows(Grain(1))).Reminders);
        Assert.Equal((changed, second), (Row.Of(read), read.ETag));
    }

    [Fact]
    public async Task A_grain_reads_its_own_reminders_only()
    {
        Row[] mine = [Reminder(1, "a"), Reminder(1, "b")];
        foreach (var row in mine.Append(Reminder(2, "a"))) await table.UpsertRow(row.ToEntry());
        Assert.Equal(mine, (await table.ReadRows(Grain(1))).Reminders.Select(Row.Of).OrderBy(row => row.Name, StringComparer.Ordinal));
        Assert.Empty((await table.ReadRows(Grain(3))).Reminders);
    }

    [Fact]
    public async Task A_range_of_the_ring_is_read_without_its_begin_and_with_its_end()
    {
        var rows = Enumerable.Range(0, 40).Select(i => Reminder(i, "a")).OrderBy(row => row.Grain.GetUniformHashCode()).ToArray();
        foreach (var row in rows) await table.UpsertRow(row.ToEntry());

        // The ends of the unsigned and of the signed integers are where a ring may be cut wrongly.
        uint[] bounds =
        [
            0, 1, int.MaxValue - 1, int.MaxValue, 0x8000_0000, 0x8000_0001, uint.MaxValue - 1, uint.MaxValue,
            .. rows.Where((_, i) => i % 8 == 0).Select(row => row.Grain.GetUniformHashCode()),
        ];
        foreach (var begin in bounds)
        {
            foreach (var end in bounds)
            {
                var expected = rows.Where(row => IsIn(row.Grain.GetUniformHashCode(), begin, end)).Select(row => row.Grain);
                var read = (await table.ReadRows(begin, end)).Reminders.Select(r => r.GrainId).Where(IsMine).OrderBy(id => id.GetUniformHashCode());
                Assert.True(expected.SequenceEqual(read), $"({begin}, {end}] reads other reminders");
            }
        }

        static bool IsIn(uint hash, uint begin, uint end) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    }

    [Fact]
    public async Task A_reminder_is_removed_by_who_knows_its_tag()
    {
        var old = await table.UpsertRow(Reminder(1, "a").ToEntry());
        var etag = await table.UpsertRow(Reminder(1, "a").ToEntry());
        await table.UpsertRow(Reminder(1, "b").ToEntry());

        Assert.False(await table.RemoveRow(Grain(1), "a", old!), "the tag is old");
        Assert.False(await table.RemoveRow(Grain(2), "a", etag!), "it is another grain's");
        Assert.NotNull(await table.ReadRow(Grain(1), "a"));
        Assert.True(await table.RemoveRow(Grain(1), "a", etag!));
        Assert.False(await table.RemoveRow(Grain(1), "a", etag!), "it is gone");
        Assert.Equal("b", Assert.Single((await table.ReadRows(Grain(1))).Reminders).ReminderName);
    }

    [Fact]
    public async Task An_old_tag_does_not_remove_a_reminder_that_was_registered_anew()
    {
        var old = await table.UpsertRow(Reminder(1, "a").ToEntry());
        Assert.True(await table.RemoveRow(Grain(1), "a", old!));
        await table.UpsertRow(Reminder(1, "a").ToEntry());
        Assert.False(await table.RemoveRow(Grain(1), "a", old!));
        Assert.NotNull(await table.ReadRow(Grain(1), "a"));
    }

    [Fact]
    public async Task All_reminders_of_a_service_are_removed_and_no_others()
    {
        await table.UpsertRow(Reminder(1, "a").ToEntry());
        await table.UpsertRow(Reminder(2, "b").ToEntry());
        await Database.ExecuteAsync(silo.Database, $"""
            INSERT INTO orleans_reminders (service, grain_id, name, grain_hash, start_time, period)
            SELECT 'other', grain_id, name, grain_hash, start_time, period FROM orleans_reminders WHERE grain_id = '{Grain(1)}'
            """);
        await table.TestOnlyClearTable();
        Assert.Empty((await table.ReadRows(0, 0)).Reminders);
        Assert.Equal(1, await Database.ReadAsync<long>(silo.Database, $"SELECT count(*) FROM orleans_reminders WHERE grain_id = '{Grain(1)}'"));
    }

    [Fact]
    public async Task A_grain_is_reminded_until_it_dismisses_the_reminder()
    {
        var grain = silo.Grains.GetGrain<INoteGrain>(prefix);
        await grain.RemindAsync("soon", Soon);
        await grain.RemindAsync("later", TimeSpan.FromDays(100));
        Assert.Equal(["later", "soon"], (await grain.RemindersAsync()).Order());
        Assert.Equal("soon", await grain.RemindedAsync());

        await grain.DismissAsync("soon");
        Assert.Equal(["later"], await grain.RemindersAsync());
    }

    /// <summary>Of a type that no class is: the silo under test must not wake it.</summary>
    private GrainId Grain(int i) => GrainId.Create("nobody", $"{prefix}-{i}");

    private bool IsMine(GrainId id) => id.Key.ToString()!.StartsWith(prefix, StringComparison.Ordinal);

    private Row Reminder(int grain, string name) => new(Grain(grain), name, Start.AddMinutes(grain), TimeSpan.FromMinutes(1 + grain));

    public sealed class Silo(PostgresServer server) : SiloFixture(server)
    {
        protected override void Configure(ISiloBuilder builder) => builder.Configure<ReminderOptions>(o => o.MinimumReminderPeriod = Soon);
    }

    /// <summary>A reminder without its tag, to compare.</summary>
    private sealed record Row(GrainId Grain, string Name, DateTime Start, TimeSpan Period)
    {
        public static Row Of(ReminderEntry entry) => new(entry.GrainId, entry.ReminderName, entry.StartAt, entry.Period);

        public ReminderEntry ToEntry() => new() { GrainId = Grain, ReminderName = Name, StartAt = Start, Period = Period };
    }
}
