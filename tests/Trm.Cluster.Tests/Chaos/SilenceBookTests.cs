using Microsoft.Extensions.Time.Testing;
using Trm.Bench.Chaos.Silence;

namespace Trm.Cluster.Tests.Chaos;

public sealed class SilenceBookTests
{
    private readonly FakeTimeProvider time = new();
    private readonly SilenceBook book;

    public SilenceBookTests() => book = new SilenceBook(markets: 2, time);

    [Fact]
    public void A_silence_belongs_to_the_fault_within_it()
    {
        var before = After(1);
        After(1);
        var fault = book.Begin();
        book.Heard(0, 1, before, After(4));
        Assert.Equal(TimeSpan.FromSeconds(5), fault.PerMarket.Max);
        Assert.Equal(0, fault.Longest);
    }

    [Fact]
    public void A_silence_that_two_faults_lie_in_belongs_to_the_first()
    {
        var before = After(1);
        var first = book.Begin();
        After(1);
        var second = book.Begin();
        book.Heard(0, 1, before, After(1));
        Assert.Equal((2, 0), (first.PerMarket.Max.TotalSeconds, second.PerMarket.Max.TotalSeconds));
    }

    [Fact]
    public void A_silence_after_a_fault_is_its_doing_until_the_next()
    {
        var first = book.Begin();
        After(1);
        book.Heard(1, 1, After(1), After(3));
        book.Begin();
        Assert.Equal(3, first.PerMarket.Max.TotalSeconds);
        Assert.Equal(1, first.Longest);
    }

    [Fact]
    public void What_one_client_heard_ends_the_silence_for_anybody_and_not_for_the_others()
    {
        var fault = book.Begin();
        var before = time.GetTimestamp();
        book.Heard(0, 1, before, After(1)); // The one.
        book.Heard(0, 1, before, After(4)); // The other, of the same prediction.
        Assert.Equal((5, 1), (fault.PerMarket.Max.TotalSeconds, fault.PerMarketForAnybody.Max.TotalSeconds));
        Assert.Equal(1, fault.All.TotalSeconds);
    }

    private long After(double seconds)
    {
        time.Advance(TimeSpan.FromSeconds(seconds));
        return time.GetTimestamp();
    }
}
