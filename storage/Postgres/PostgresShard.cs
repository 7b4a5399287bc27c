using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Trm.Storage.Postgres;

/// <summary>
/// Which of the 32 parts of <c>trm.predictions</c> a market's rows are in: the same as <c>trm.shard_of</c> of
/// <c>003-shards.sql</c>. Statements name the part itself, so that the server neither plans for nor locks the other 31.
/// </summary>
internal static class PostgresShard
{
    /// <summary>How many there are; the schema says so too.</summary>
    public const int Count = 32;

    /// <summary>0 to 31.</summary>
    [SuppressMessage("Security", "CA5351:Do Not Use Broken Cryptographic Algorithms", Justification = "It spreads markets and guards nothing.")]
    public static int Of(string market) => MD5.HashData(Encoding.UTF8.GetBytes(market))[0] % Count;
}
