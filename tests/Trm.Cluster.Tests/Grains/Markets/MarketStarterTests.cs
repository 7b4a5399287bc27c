using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Trm.Cluster.Tests.Support;
using Trm.Core.Bars;
using Trm.GrainInterfaces.Snapshots;
using Trm.Grains.Markets;

namespace Trm.Cluster.Tests.Grains.Markets;

public sealed class MarketStarterTests : IAsyncLifetime
{
    private static readonly SiloAddress Other = Silo(2);

    private readonly TestWorld world = new();
    private readonly FakeGrains grains = new();
    private readonly FakeMembership membership = new();
    private readonly FakeTimeProvider time = new();
    private readonly FakeLifecycle lifecycle = new();
    private readonly MarketStarter starter;

    public MarketStarterTests()
    {
        world.Add();
        world.Add();
        starter = new MarketStarter(grains, world, membership, time, NullLogger<MarketStarter>.Instance);
        starter.Participate(lifecycle);
    }

    public async ValueTask InitializeAsync()
    {
        membership.Tell((Silo(1), SiloStatus.Active), (Other, SiloStatus.Active));
        await lifecycle.Observer!.OnStart(default);
        // Its clock's timer is made in the background.
        await Eventually.TrueAsync(() =>
        {
            time.Advance(MarketStarter.StartDelay);
            return !grains.Calls.IsEmpty;
        });
        await StartedAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        await lifecycle.Observer!.OnStop(default);
        starter.Dispose();
    }

    [Theory]
    [InlineData(SiloStatus.Dead)]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Stopping)]
    public async Task A_silo_that_leaves_has_every_market_started(SiloStatus status)
    {
        membership.Tell((Silo(1), SiloStatus.Active), (Other, status));
        await StartedAsync(2);
    }

    [Fact]
    public async Task A_silo_that_is_not_there_any_more_has_every_market_started()
    {
        membership.Tell((Silo(1), SiloStatus.Active));
        await StartedAsync(2);
    }

    [Fact]
    public async Task A_silo_that_hands_over_has_every_market_started_again_when_it_is_gone()
    {
        // Until it has handed over its sources say that they run.
        membership.Tell((Silo(1), SiloStatus.Active), (Other, SiloStatus.ShuttingDown));
        await StartedAsync(2);
        membership.Tell((Silo(1), SiloStatus.Active), (Other, SiloStatus.Dead));
        await StartedAsync(3);
    }

    [Fact]
    public async Task A_silo_that_comes_or_stays_starts_nothing()
    {
        membership.Tell((Silo(1), SiloStatus.Active), (Other, SiloStatus.Active), (Silo(3), SiloStatus.Joining));
        membership.Tell((Silo(1), SiloStatus.Active), (Other, SiloStatus.Active), (Silo(3), SiloStatus.Active));
        membership.Tell((Silo(1), SiloStatus.Active), (Other, SiloStatus.Dead), (Silo(3), SiloStatus.Active));
        await StartedAsync(2);
        Assert.All(grains.Calls.Values, calls => Assert.Equal(2, calls));
    }

    [Fact]
    public async Task A_market_that_could_not_be_started_is_tried_again_soon_and_alone()
    {
        grains.Refuses = "market-2";
        membership.Tell((Silo(1), SiloStatus.Active));
        await StartedAsync(2);
        grains.Refuses = null;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return grains.Calls["market-2"] >= 3;
        });
        Assert.InRange(grains.Calls["market-1"], 2, 3);
    }

    [Fact]
    public async Task Now_and_then_every_market_is_started_in_case_something_was_missed()
    {
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return grains.Calls.Values.All(calls => calls >= 3);
        });
    }

    [Fact]
    public async Task A_silo_that_stops_waits_for_no_market_elsewhere()
    {
        grains.Answer = new TaskCompletionSource().Task;
        membership.Tell((Silo(1), SiloStatus.Active));
        await StartedAsync(2);
        // Stops when the test ends, and the calls do not.
    }

    private Task StartedAsync(int times) => Eventually.TrueAsync(
        () => grains.Calls.Count == 2 && grains.Calls.Values.All(calls => calls >= times), () => string.Join(' ', grains.Calls));

    private static SiloAddress Silo(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_111 + number), 1);

    private sealed class FakeMembership : IClusterMembershipService
    {
        private readonly Channel<ClusterMembershipSnapshot> updates = Channel.CreateUnbounded<ClusterMembershipSnapshot>();
        private long version;

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => updates.Reader.ReadAllAsync();

        public void Tell(params (SiloAddress Silo, SiloStatus Status)[] members) => updates.Writer.TryWrite(new ClusterMembershipSnapshot(
            members.ToImmutableDictionary(m => m.Silo, m => new ClusterMember(m.Silo, m.Status, "silo")), new MembershipVersion(++version)));

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }

    private sealed class FakeLifecycle : ISiloLifecycle
    {
        public ILifecycleObserver? Observer { get; private set; }

        public int HighestCompletedStage => 0;

        public int LowestStoppedStage => 0;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            Observer = observer;
            return new Ending(() => { });
        }
    }

    private sealed class FakeGrains : FakeGrainFactory
    {
        public ConcurrentDictionary<string, int> Calls { get; } = new();

        public string? Refuses { get; set; }

        public Task Answer { get; set; } = Task.CompletedTask;

        protected override object Grain(object key) => new FakeSource(this, (string)key);

        private sealed class FakeSource(FakeGrains grains, string market) : IFeatureSourceGrain
        {
            public Task EnsureRunningAsync()
            {
                grains.Calls.AddOrUpdate(market, 1, (_, calls) => calls + 1);
                return grains.Refuses == market ? Task.FromException(new TimeoutException("not now")) : grains.Answer;
            }

            public Task<SourceStatus> StatusAsync() => throw new NotSupportedException();

            public Task<PendingSnapshots> PendingAsync(long after) => throw new NotSupportedException();

            public Task AcknowledgeAsync(Guid epoch, long sequence) => throw new NotSupportedException();

            public Task RejectAsync(Guid numbering, long sequence) => throw new NotSupportedException();

            public Task<BarReceipt> PushBarsAsync(IReadOnlyList<Bar> bars) => throw new NotSupportedException();

            public Task<BarReceipt> PushCsvAsync(string csv) => throw new NotSupportedException();
        }
    }
}
