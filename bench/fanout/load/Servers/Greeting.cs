namespace Trm.Bench.FanOut.Servers;

/// <summary>A server's first line.</summary>
/// <param name="Ready">It listens.</param>
/// <param name="Port">Where, on this machine.</param>
/// <param name="Name">What it is.</param>
/// <param name="Version">Its version.</param>
/// <param name="Reason">Why it is not ready.</param>
/// <param name="Market">The market of the gateway's host.</param>
/// <param name="Epoch">The epoch of its log.</param>
internal sealed record Greeting(
    bool Ready, int Port = 0, string? Name = null, string? Version = null, string? Reason = null, string? Market = null, Guid Epoch = default);
