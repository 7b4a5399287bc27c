using System.Globalization;
using System.Text;

namespace Trm.Cli.Tests.Support;

/// <summary>A seeded random walk of every symbol of us-equities, as a CSV file.</summary>
internal static class SyntheticBars
{
    private static readonly string[] Symbols =
        ["SPY", "QQQ", "IWM", "TLT", "IEF", "SHY", "GLD", "SLV", "HYG", "LQD", "UUP", "FXE", "EEM", "EFA", "VIXY", "VIX"];

    public static readonly DateOnly First = new(2015, 1, 1);

    /// <summary>Writes weekdays from <see cref="First"/> on; one row for each symbol and session.</summary>
    public static string Write(string path, int sessions)
    {
        var random = new Random(7);
        var prices = Symbols.ToDictionary(s => s, s => s == "VIX" ? 18.0 : 100.0);
        var text = new StringBuilder("date,symbol,open,high,low,close,volume\n");
        var date = First;
        for (var n = 0; n < sessions; date = date.AddDays(1))
        {
            if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) continue;
            n++;
            foreach (var symbol in Symbols)
            {
                var open = prices[symbol];
                var close = prices[symbol] = open * Math.Exp(0.01 * (random.NextDouble() - 0.5));
                text.Append(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd},{symbol},{open:R},{Math.Max(open, close) * 1.001:R},{Math.Min(open, close) * 0.999:R},{close:R},{1000 + random.Next(500)}\n");
            }
        }
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
