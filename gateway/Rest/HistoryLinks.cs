using System.Globalization;
using Microsoft.AspNetCore.Http;
using Trm.Core.Predictions;

namespace Trm.Gateway.Rest;

/// <summary>
/// The header <c>Link</c> (RFC 8288) of a page of history. Each link names the epoch, so a walk along them never mixes two
/// logs, and its inner pages can be kept for good. An access token in the address is not repeated.
/// </summary>
internal static class HistoryLinks
{
    /// <returns>Null when there is neither a page before nor one after.</returns>
    public static string? Of(HttpRequest request, LogHead head, LogQuery asked, HistoryRange range)
    {
        if (range.IsEmpty) return null;
        // With after, before bounds the walk; without, it is where a walk back stands.
        var bound = asked.Newest ? null : asked.Before;
        var hasNext = range.Last < (bound is null ? head.Sequence : range.End);
        var path = request.PathBase.Add(request.Path).ToUriComponent();
        string?[] links =
        [
            hasNext ? Link(path, head.Epoch, ("after", range.Last), ("before", bound), asked.Limit, "next") : null,
            range.First > 1 ? Link(path, head.Epoch, ("after", null), ("before", range.First), asked.Limit, "prev") : null,
        ];
        return string.Join(", ", links.OfType<string>()) is { Length: > 0 } text ? text : null;
    }

    private static string Link(string path, Guid epoch, (string Name, long? Value) after, (string Name, long? Value) before, int limit, string relation)
    {
        (string Name, object? Value)[] query = [("epoch", epoch), after, before, ("limit", limit)];
        var text = query.Where(q => q.Value is not null).Select(q => string.Create(CultureInfo.InvariantCulture, $"{q.Name}={q.Value}"));
        return $"<{path}?{string.Join('&', text)}>; rel=\"{relation}\"";
    }
}
