using System.Globalization;
using System.Text;

namespace Trm.Bench.Chaos.Clients;

/// <summary>Names of the run's markets, made so that a message's market is found without a table of texts.</summary>
internal static class MarketNames
{
    /// <summary><c>m001</c> for 0.</summary>
    public static string Of(int index) => string.Create(CultureInfo.InvariantCulture, $"m{index + 1:000}");

    /// <summary>The index of a name in UTF-8; -1 when it is none of ours.</summary>
    public static int IndexOf(ReadOnlySpan<byte> name) =>
        name.Length == 4 && name[0] == (byte)'m' && Digit(name[1]) is >= 0 and var a && Digit(name[2]) is >= 0 and var b && Digit(name[3]) is >= 0 and var c
            ? (100 * a) + (10 * b) + c - 1
            : -1;

    /// <summary>The index of a name; -1 when it is none of ours.</summary>
    public static int IndexOf(string name) => IndexOf(Encoding.UTF8.GetBytes(name));

    private static int Digit(byte c) => c is >= (byte)'0' and <= (byte)'9' ? c - '0' : -1;
}
