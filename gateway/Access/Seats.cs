using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Trm.Gateway.Rest;

namespace Trm.Gateway.Access;

/// <summary>Counts open streams: in all, by address and by key. Each holds a seat, taken before the handshake is answered.</summary>
internal sealed class Seats(IOptions<AccessOptions> options)
{
    private const int RetryAfterLeast = 5;
    private const int RetryAfterMost = 15;
    private const int SiteBytes = 8;

    private readonly AccessLimits limits = options.Value.Limits;
    private readonly Lock gate = new();
    private readonly HashSet<Seat> taken = [];
    private readonly Dictionary<IPAddress, int> byAddress = [];
    private readonly Dictionary<string, int> byKey = new(StringComparer.Ordinal);

    /// <summary>A seat for the caller of a request, or the refusal to answer it with.</summary>
    public bool TryTake(HttpContext context, [NotNullWhen(true)] out Seat? seat, [NotNullWhen(false)] out IResult? refusal)
    {
        var caller = Caller.Of(context.User) ?? throw new InvalidOperationException("a stream was opened past the authorization");
        var address = Site(context.Connection.RemoteIpAddress);
        lock (gate)
        {
            refusal = Obstacle(caller, address);
            seat = refusal is null ? new Seat(this, caller, address) : null;
            if (seat is not null) Count(seat);
        }
        if (refusal is not null) SayWhen(context);
        return seat is not null;
    }

    public void Leave(Seat seat)
    {
        lock (gate)
        {
            if (!taken.Remove(seat)) return;
            if (seat.Address is { } address) Less(byAddress, address);
            if (seat.Caller.Id is { } id) Less(byKey, id);
        }
    }

    /// <summary>Ends the streams of those who would not be let in any more.</summary>
    public void Evict(Func<Caller, bool> stillAdmitted)
    {
        List<Seat>? ended = null;
        lock (gate)
        {
            foreach (var seat in taken)
            {
                if (!stillAdmitted(seat.Caller)) (ended ??= []).Add(seat);
            }
        }
        foreach (var seat in ended ?? []) seat.End();
    }

    private IResult? Obstacle(Caller caller, IPAddress? address)
    {
        if (taken.Count >= limits.Connections)
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "too_many_connections", "the server holds as many streams as it may; try again later, or another server");
        if (address is not null && byAddress.GetValueOrDefault(address) >= limits.ConnectionsPerAddress)
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_connections", $"{limits.ConnectionsPerAddress} streams are open from this address, which is the limit; close some");
        if (caller.Id is { } id && byKey.GetValueOrDefault(id) >= limits.ConnectionsPerKey)
            return Problems.Of(StatusCodes.Status429TooManyRequests, "too_many_connections", $"{limits.ConnectionsPerKey} streams are open with this key, which is the limit; close some");
        return null;
    }

    private void Count(Seat seat)
    {
        taken.Add(seat);
        if (seat.Address is { } address) CollectionsMarshal.GetValueRefOrAddDefault(byAddress, address, out _)++;
        if (seat.Caller.Id is { } id) CollectionsMarshal.GetValueRefOrAddDefault(byKey, id, out _)++;
    }

    private static void Less<T>(Dictionary<T, int> counts, T key) where T : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(counts, key);
        if (--count == 0) counts.Remove(key);
    }

    // Not all at the same instant again.
    private static void SayWhen(HttpContext context) =>
        context.Response.Headers[HeaderNames.RetryAfter] = $"{RandomNumberGenerator.GetInt32(RetryAfterLeast, RetryAfterMost + 1)}";

    // Null is not counted: this machine, which is where a proxy that was not configured is too.
    private static IPAddress? Site(IPAddress? address)
    {
        if (address?.IsIPv4MappedToIPv6 == true) address = address.MapToIPv4();
        if (address is null || IPAddress.IsLoopback(address)) return null;
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var site = address.GetAddressBytes();
        site.AsSpan(SiteBytes).Clear();
        return new IPAddress(site);
    }
}
