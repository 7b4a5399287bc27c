using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Trm.Grains.Placement;

/// <summary>
/// Which silo a market belongs to: the one with the highest hash of market and address (rendezvous hashing). Every silo says the
/// same without asking another; when one leaves, only its markets move, and when it is back they return.
/// </summary>
internal static class MarketOwner
{
    /// <summary>The owner among some silos, of which there is at least one.</summary>
    public static SiloAddress Of(string market, IEnumerable<SiloAddress> silos) => silos.MaxBy(silo => Score(market, silo))
        ?? throw new InvalidOperationException("a market needs a silo");

    // By the address and not by the generation: a silo that starts again is the same one.
    private static (ulong Hash, string Address) Score(string market, SiloAddress silo)
    {
        var address = silo.Endpoint.ToString();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{market}\n{address}"), hash);
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash), address);
    }
}
