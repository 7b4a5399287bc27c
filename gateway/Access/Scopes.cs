namespace Trm.Gateway.Access;

/// <summary>What a caller may do. Each is also the name of the authorization policy that asks for it; none implies another.</summary>
public static class Scopes
{
    /// <summary>Streams, history, summaries, the model's description and predictions from given features.</summary>
    public const string Read = "read";

    /// <summary>New bars.</summary>
    public const string Push = "push";

    /// <summary>Reloading the model.</summary>
    public const string Operate = "operate";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Push, Operate];
}
