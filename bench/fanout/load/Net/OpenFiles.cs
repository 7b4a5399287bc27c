using Trm.Core;

namespace Trm.Bench.FanOut.Net;

/// <summary>How many files, sockets among them, this process and those it starts may have open.</summary>
internal static unsafe class OpenFiles
{
    private const int Resource = 7; // RLIMIT_NOFILE
    private const int Spare = 256;

    /// <summary>Raises the limit, the hard one too where that is allowed, until so many sockets fit.</summary>
    /// <exception cref="TrmException">They do not.</exception>
    public static void Require(int sockets)
    {
        var needed = (ulong)(sockets + Spare);
        var limit = stackalloc ulong[2];
        _ = Libc.GetLimit(Resource, limit);
        if (limit[0] >= needed) return;
        var hard = limit[1];
        (limit[0], limit[1]) = (Math.Max(needed, hard), Math.Max(needed, hard));
        if (Libc.SetLimit(Resource, limit) == 0) return;
        throw new TrmException(
            "open_files",
            FormattableString.Invariant($"{sockets} clients need {needed} open files, and this system allows {hard}; run 'ulimit -Hn {needed}' as root and start again from that shell, or take fewer clients"));
    }
}
