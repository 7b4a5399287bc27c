namespace Trm.Gateway.Connections;

/// <summary>Values of the tag <c>outcome</c> of <c>trm.gateway.messages</c>.</summary>
internal static class Outcomes
{
    public static readonly KeyValuePair<string, object?> Sent = new("outcome", "sent");
    public static readonly KeyValuePair<string, object?> Conflated = new("outcome", "conflated");
    public static readonly KeyValuePair<string, object?> Dropped = new("outcome", "dropped");
}
