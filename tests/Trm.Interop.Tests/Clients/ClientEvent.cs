using System.Text.Json;

namespace Trm.Interop.Tests.Clients;

/// <summary>What a client under test saw.</summary>
/// <param name="Event"><c>open</c>, <c>text</c>, <c>binary</c>, <c>pong</c>, <c>close</c>, <c>error</c>, or <c>event</c> of an event stream.</param>
/// <param name="Text">Of the message; the agreed extensions of <c>open</c>.</param>
/// <param name="Name">The event stream's event.</param>
/// <param name="Id">The event stream's last event id.</param>
/// <param name="Code">Of <c>close</c>.</param>
/// <param name="Reason">Of <c>close</c>.</param>
internal sealed record ClientEvent(string Event, string? Text = null, string? Name = null, string? Id = null, int? Code = null, string? Reason = null)
{
    public static ClientEvent Parse(string json) => JsonSerializer.Deserialize<ClientEvent>(json, JsonSerializerOptions.Web)!;

    /// <summary>The message's JSON.</summary>
    public JsonElement ReadJson() => JsonDocument.Parse(Text!).RootElement;
}
