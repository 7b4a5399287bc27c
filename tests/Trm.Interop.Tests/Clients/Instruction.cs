using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trm.Interop.Tests.Clients;

/// <summary>What a client under test is to do, as its script reads it.</summary>
internal sealed record Instruction(string Do)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public Uri? Url { get; init; }

    public string? Text { get; init; }

    /// <summary>The parts of one message, each a frame of its own; after the first goes a ping with <see cref="Text"/>.</summary>
    public IReadOnlyList<string>? Parts { get; init; }

    /// <summary>Offer permessage-deflate with these settings of npm's ws; null offers none.</summary>
    public object? Deflate { get; init; }

    /// <summary>Events to listen to.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    public int? Code { get; init; }

    public string? Reason { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Options);
}
