using Trm.Core;
using Trm.GrainInterfaces;

namespace Trm.Cluster.Tests.GrainInterfaces;

public sealed class ClusterCallTests
{
    public static TheoryData<string> NobodyAnswered => [.. Unanswered.Keys];

    private static Dictionary<string, Exception> Unanswered { get; } = new()
    {
        ["no silo"] = new SiloUnavailableException("nobody\nthere"),
        ["rejected"] = new OrleansException("rejected"),
        ["late"] = new TimeoutException("30 s"),
        ["stopped"] = new ObjectDisposedException("client"),
        ["never connected"] = new InvalidOperationException("not connected") { Source = "Orleans.Core" },
        ["knows no grains"] = new ArgumentException("no such interface") { Source = "Orleans.Core" },
    };

    [Theory]
    [MemberData(nameof(NobodyAnswered))]
    public async Task That_nobody_answered_is_cluster_unavailable(string what)
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => ClusterCall.RunAsync(() => Task.FromException<int>(Unanswered[what])));
        Assert.Equal(ClusterException.Unavailable, error.Code);
        Assert.Same(Unanswered[what], error.InnerException);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal("the cluster does not answer now; it is tried again", error.PublicMessage);
        Assert.Equal(ClusterException.Unavailable, (await Assert.ThrowsAsync<ClusterException>(() => ClusterCall.RunAsync(() => Task.FromException(Unanswered[what])))).Code);
    }

    [Fact]
    public async Task An_error_of_the_request_stays_what_it_is()
    {
        foreach (var error in new Exception[] { new ClusterException("unknown_market", "no"), new TrmException("x", "y"), new InvalidOperationException("ours"), new ArgumentException("ours"), new FormatException() })
        {
            Assert.Same(error, await Assert.ThrowsAnyAsync<Exception>(() => ClusterCall.RunAsync(() => Task.FromException<int>(error))));
            Assert.False(ClusterCall.IsUnavailable(error));
        }
    }

    [Fact]
    public async Task A_call_that_throws_before_it_is_one_counts_as_well() =>
        await Assert.ThrowsAsync<ClusterException>(() => ClusterCall.RunAsync<int>(() => throw new TimeoutException()));

    [Fact]
    public async Task A_caller_that_gives_up_waits_no_longer_and_hears_no_error_of_the_cluster()
    {
        using var caller = new CancellationTokenSource();
        var call = ClusterCall.RunAsync(() => new TaskCompletionSource<int>().Task, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task An_answer_is_the_answer() => Assert.Equal(7, await ClusterCall.RunAsync(() => Task.FromResult(7)));
}
