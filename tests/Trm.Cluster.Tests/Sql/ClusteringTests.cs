using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;
using Orleans.Runtime.Membership;
using Orleans.Runtime.MembershipService;
using Trm.Tests.Postgres;

namespace Trm.Cluster.Tests.Sql;

public sealed class ClusteringTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 1, 5, 21, 0, 0, DateTimeKind.Utc);

    private string database = null!;
    private IMembershipTable table = null!;

    public async ValueTask InitializeAsync()
    {
        database = await server.CreateDatabaseAsync();
        table = await OpenAsync("cluster");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_new_cluster_has_a_version_and_nobody_and_opening_it_again_changes_nothing()
    {
        var first = await table.ReadAllAsync();
        Assert.Empty(first.Members);
        await AddAsync(Member(1));
        await table.InitializeMembershipTableAsync(true);
        Assert.Equal(first.Version.Version + 1, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task A_member_is_read_as_it_was_added()
    {
        var member = Member(1);
        await AddAsync(member);
        await AddAsync(Member(2));

        AssertSame(member, Assert.Single((await table.ReadRowAsync(member.SiloAddress)).Members).Item1);
        Assert.Equal([Member(1).SiloAddress, Member(2).SiloAddress], (await table.ReadAllAsync()).Members.Select(m => m.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task One_who_is_not_there_is_nobody_and_the_version_is_told()
    {
        await AddAsync(Member(1));
        var nobody = await table.ReadRowAsync(Member(2).SiloAddress);
        Assert.Empty(nobody.Members);
        Assert.Equal((await table.ReadAllAsync()).Version, nobody.Version);
    }

    [Fact]
    public async Task A_change_of_a_member_is_read_with_those_who_suspect_it()
    {
        var member = Member(1);
        await AddAsync(member);
        await AddAsync(Member(2));
        member.Status = SiloStatus.ShuttingDown;
        member.IAmAliveTime = Start.AddMinutes(5);
        member.SuspectTimes = [Tuple.Create(Member(2).SiloAddress, Start.AddMinutes(1)), Tuple.Create(Member(3).SiloAddress, Start.AddMinutes(2))];
        Assert.True(await ChangeAsync(member, (await table.ReadAllAsync()).Version));

        AssertSame(member, Assert.Single((await table.ReadRowAsync(member.SiloAddress)).Members).Item1);
        AssertSame(Member(2), Assert.Single((await table.ReadRowAsync(Member(2).SiloAddress)).Members).Item1);
    }

    [Fact]
    public async Task Every_change_takes_a_version_and_a_refused_one_takes_none()
    {
        var old = (await table.ReadAllAsync()).Version;
        await AddAsync(Member(1));
        var now = (await table.ReadAllAsync()).Version;
        Assert.Equal(old.Version + 1, now.Version);

        Assert.False(await table.InsertRowAsync(Member(2), old.Next()), "the version is not the newest");
        Assert.False(await table.InsertRowAsync(Member(1), now.Next()), "it is there already");
        Assert.False(await ChangeAsync(Member(1), old), "the version is not the newest");
        Assert.False(await ChangeAsync(Member(2), now), "nobody is there to change");

        var after = await table.ReadAllAsync();
        Assert.Equal(now, after.Version);
        AssertSame(Member(1), Assert.Single(after.Members).Item1);
        Assert.True(await ChangeAsync(Member(1), now));
        Assert.Equal(now.Version + 1, (await table.ReadAllAsync()).Version.Version);
    }

    [Fact]
    public async Task Of_many_who_join_at_once_with_one_version_one_is_in()
    {
        var version = (await table.ReadAllAsync()).Version.Next();
        var joined = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => Task.Run(() => table.InsertRowAsync(Member(i), version))));
        Assert.Single(joined, true);
        Assert.Single((await table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task A_sign_of_life_is_read_and_takes_no_version()
    {
        var member = Member(1);
        await AddAsync(member);
        await AddAsync(Member(2));
        var before = (await table.ReadAllAsync()).Version;
        member.IAmAliveTime = Start.AddHours(1);
        await table.UpdateIAmAliveAsync(member);

        AssertSame(member, Assert.Single((await table.ReadRowAsync(member.SiloAddress)).Members).Item1);
        AssertSame(Member(2), Assert.Single((await table.ReadRowAsync(Member(2).SiloAddress)).Members).Item1);
        Assert.Equal(before, (await table.ReadAllAsync()).Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Only_the_long_dead_are_forgotten(bool oneByOne)
    {
        // The text that removes one by one is optional to Orleans, which falls back on the other.
        if (!oneByOne) await Database.ExecuteAsync(database, "DELETE FROM OrleansQuery WHERE QueryKey = 'CleanupDefunctSiloEntryKey'");
        table = await OpenAsync("cluster");
        await AddAsync(Member(1, SiloStatus.Dead, Start.AddTicks(123_456_7)));
        await AddAsync(Member(2, SiloStatus.Dead, Start.AddHours(2)));
        await AddAsync(Member(3, SiloStatus.Active, Start));
        await AddAsync(Member(4, SiloStatus.ShuttingDown, Start));
        var suspected = Member(5, SiloStatus.Active, Start);
        await AddAsync(suspected);
        suspected.Status = SiloStatus.Dead;
        suspected.SuspectTimes = [Tuple.Create(Member(3).SiloAddress, Start.AddMinutes(1)), Tuple.Create(Member(4).SiloAddress, Start.AddMinutes(2))];
        Assert.True(await ChangeAsync(suspected, (await table.ReadAllAsync()).Version));
        var cleared = Member(6, SiloStatus.Active, Start);
        await AddAsync(cleared);
        cleared.Status = SiloStatus.Dead;
        cleared.SuspectTimes = [];
        Assert.True(await ChangeAsync(cleared, (await table.ReadAllAsync()).Version));

        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Start.AddHours(1)));
        Assert.Equal([2, 3, 4], (await table.ReadAllAsync()).Members.Select(m => m.Item1.SiloAddress.Generation).Order());
    }

    [Fact]
    public async Task A_cluster_that_is_removed_has_nobody_and_a_newer_version()
    {
        var other = await OpenAsync("other");
        Assert.True(await other.InsertRowAsync(Member(9), (await other.ReadAllAsync()).Version.Next()));
        await AddAsync(Member(1));
        var before = (await table.ReadAllAsync()).Version;
        await table.DeleteMembershipTableEntriesAsync("cluster");

        var after = await table.ReadAllAsync();
        Assert.Empty(after.Members);
        Assert.True(after.Version.Version > before.Version);
        Assert.Single((await other.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task Clients_are_told_of_active_gateways_of_their_cluster_only()
    {
        await AddAsync(Member(1));
        await AddAsync(Member(2, SiloStatus.Dead, Start));
        await AddAsync(Member(3, SiloStatus.Joining, Start));
        var hidden = Member(4);
        hidden.ProxyPort = 0;
        await AddAsync(hidden);
        var other = await OpenAsync("other");
        Assert.True(await other.InsertRowAsync(Member(9), (await other.ReadAllAsync()).Version.Next()));

        using var client = Client("cluster");
        var gateways = client.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProvider();
        Assert.Equal(SiloAddress.New(IPAddress.Loopback, 30001, 1).ToGatewayUri(), Assert.Single(await gateways.GetGateways()));
    }

    [Fact]
    public async Task Silos_find_each_other_and_clients_find_them_and_one_that_leaves_is_dead()
    {
        using var client = Client("real");
        await using (await AdoNetSilo.StartAsync(database, "real"))
        {
            await using (await AdoNetSilo.StartAsync(database, "real"))
            {
                var real = await OpenAsync("real");
                Assert.Equal([SiloStatus.Active, SiloStatus.Active], (await real.ReadAllAsync()).Members.Select(m => m.Item1.Status));
                await client.StartAsync();
                var note = client.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>("from a client");
                await note.WriteAsync("hello");
                Assert.Equal("hello", await note.ReadAsync());
                await client.StopAsync();
            }
            var left = await OpenAsync("real");
            Assert.Equal([SiloStatus.Active, SiloStatus.Dead], (await left.ReadAllAsync()).Members.Select(m => m.Item1.Status).Order());
        }
    }

    private static MembershipEntry Member(int generation) => Member(generation, SiloStatus.Active, Start);

    private static MembershipEntry Member(int generation, SiloStatus status, DateTime alive) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11111, generation),
        SiloName = $"silo-{generation}",
        HostName = "localhost",
        Status = status,
        ProxyPort = 30000 + generation,
        StartTime = Start,
        IAmAliveTime = alive,
    };

    private static void AssertSame(MembershipEntry expected, MembershipEntry actual)
    {
        Assert.Equal(
            (expected.SiloAddress, expected.SiloName, expected.HostName, expected.Status, expected.ProxyPort, expected.StartTime, expected.IAmAliveTime),
            (actual.SiloAddress, actual.SiloName, actual.HostName, actual.Status, actual.ProxyPort, actual.StartTime, actual.IAmAliveTime));
        Assert.Equal(expected.SuspectTimes ?? [], actual.SuspectTimes ?? []);
    }

    private async Task AddAsync(MembershipEntry member) =>
        Assert.True(await table.InsertRowAsync(member, (await table.ReadAllAsync()).Version.Next()), "the member was not added");

    /// <summary>A member's tag is the version that its reader saw.</summary>
    private Task<bool> ChangeAsync(MembershipEntry member, TableVersion seen) => table.UpdateRowAsync(member, seen.VersionEtag, seen.Next());

    private async Task<IMembershipTable> OpenAsync(string cluster)
    {
        var opened = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = cluster }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = AdoNetSilo.Invariant, ConnectionString = database }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await opened.InitializeMembershipTableAsync(true);
        return opened;
    }

    private IHost Client(string cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "service"))
            .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (AdoNetSilo.Invariant, database)));
        return builder.Build();
    }
}
