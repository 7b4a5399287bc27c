using System.Text;
using Trm.Bench.FanOut.Clients;

namespace Trm.Bench.FanOut.Tests.Clients;

public sealed class WireTimeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_messages_age_is_right_to_the_microsecond()
    {
        Assert.Equal(TimeSpan.FromMicroseconds(1_000_001), Age("2026-11-22T11:59:59.999999Z", Noon.AddSeconds(1)));
        Assert.Equal(TimeSpan.FromMicroseconds(-5), Age("2026-11-22T12:00:00.000005Z", Noon));
    }

    [Fact]
    public void Midnight_may_come_between() =>
        Assert.Equal(TimeSpan.FromMilliseconds(3), Age("2026-11-22T23:59:59.999000Z", Noon.AddHours(12).AddMilliseconds(2)));

    private static TimeSpan Age(string text, DateTimeOffset now) => WireTime.Age(Encoding.ASCII.GetBytes(text), now);
}
