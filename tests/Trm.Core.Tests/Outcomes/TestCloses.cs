using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Core.Tests.Fakes;

namespace Trm.Core.Tests.Outcomes;

/// <summary>Six sessions whose outcome was computed by hand (in fractions, to all digits shown).</summary>
internal static class TestCloses
{
    public static readonly double[] Benchmark = [100, 101, 100, 102, 102, 99];
    public static readonly double[] Bond = [50, 49.5, 50, 50, 50.5, 50];

    public static readonly double[] Returns =
    [
        -0.0018495808977466645, -0.003804731864452505, -0.00581495889256901, -0.006837652007562172,
        -0.00787661069602193, -0.008929253764786612, -0.008399725041509968, -0.007352386893032817,
    ];

    public static readonly double[] Utilities =
    [
        -0.03857780817175198, -0.015218897918894313, -0.007479150426016915, -0.008826650263028264,
        -0.01383884749589296, -0.022457201983757204, -0.01759322109832609, -0.010953638073101131,
    ];

    public static Market Market { get; } = Make.Market();

    /// <summary>Monday to Friday, then Monday.</summary>
    public static DateOnly Day(int number) => new DateOnly(2020, 1, 6).AddDays(number + (number / 5 * 2));

    public static IEnumerable<Session> Sessions() => Sessions(Benchmark, Bond);

    public static IEnumerable<Session> Sessions(double[] benchmark, double[] bond) => benchmark.Zip(bond).Select((closes, day) => Session(Day(day), closes.First, closes.Second));

    public static Session Session(DateOnly date, double benchmark, double bond) => new(date, new Dictionary<string, Bar>
    {
        ["SPY"] = new("SPY", date, benchmark, benchmark, benchmark, benchmark, 1),
        ["TLT"] = new("TLT", date, bond, bond, bond, bond, 1),
    });
}
