using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

/// <summary>What a client wants from now on.</summary>
/// <param name="Markets">Known market ids.</param>
/// <param name="Since">Where the client left off, for the markets it resumes.</param>
/// <param name="Delivery">For each of the markets.</param>
/// <param name="Reply">Send <c>subscribed</c> first.</param>
/// <param name="Id">Echoed in the reply.</param>
internal sealed record SubscribeRequest(
    IReadOnlyList<string> Markets, IReadOnlyDictionary<string, LogPlace> Since, Delivery Delivery, bool Reply, string? Id);
