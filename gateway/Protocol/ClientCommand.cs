namespace Trm.Gateway.Protocol;

/// <summary>What a client asked for. <c>Id</c> is the request's id as raw JSON, echoed in the answer.</summary>
internal abstract record ClientCommand(string? Id)
{
    /// <summary>Resumes nothing.</summary>
    public static IReadOnlyDictionary<string, LogPlace> Nowhere { get; } = new Dictionary<string, LogPlace>();

    /// <summary>The bare text <c>ping</c>.</summary>
    public sealed record TextPing() : ClientCommand((string?)null);

    /// <summary><c>{"type":"ping"}</c>.</summary>
    public sealed record Ping(string? Id) : ClientCommand(Id);

    /// <summary>Null markets means all; <c>Since</c> says per market where the client left off.</summary>
    public sealed record Subscribe(string? Id, IReadOnlyList<string>? Markets, IReadOnlyDictionary<string, LogPlace> Since, Delivery Delivery)
        : ClientCommand(Id);

    /// <summary>Null markets means all.</summary>
    public sealed record Unsubscribe(string? Id, IReadOnlyList<string>? Markets) : ClientCommand(Id);

    /// <summary>Null market means over all.</summary>
    public sealed record Summary(string? Id, string? Market) : ClientCommand(Id);

    /// <summary>Not a request; the code and message answer it.</summary>
    public sealed record Invalid(string? Id, string Code, string Message) : ClientCommand(Id);
}

/// <summary>A place in a market's log.</summary>
internal readonly record struct LogPlace(Guid Epoch, long Sequence);

/// <summary>What a client gets when predictions come faster than it reads.</summary>
internal enum Delivery
{
    /// <summary>The newest of each market; older ones that still wait are conflated.</summary>
    Latest,

    /// <summary>Every sequence, through a bounded queue.</summary>
    All,
}

internal static class Deliveries
{
    public static string WireName(this Delivery delivery) => delivery == Delivery.All ? "all" : "latest";

    public static bool TryParse(string? name, out Delivery delivery)
    {
        delivery = name == "all" ? Delivery.All : Delivery.Latest;
        return name is "all" or "latest";
    }
}
