using System.Text.Json;

namespace Trm.Bench.OnnxPeer;

/// <summary>The lines that the peer says.</summary>
internal static class Reply
{
    /// <summary>It is up, and what it is.</summary>
    public static string Ready(string name, string version) => JsonSerializer.Serialize(new { ready = true, name, version });

    /// <summary>It cannot be, and why.</summary>
    public static string NotReady(string reason) => JsonSerializer.Serialize(new { ready = false, reason });

    /// <summary>How long each run took.</summary>
    public static string Seconds(IReadOnlyList<double> seconds) => JsonSerializer.Serialize(new { seconds });

    /// <summary>A request that could not be answered; the next one may.</summary>
    public static string Error(string error) => JsonSerializer.Serialize(new { error });
}
