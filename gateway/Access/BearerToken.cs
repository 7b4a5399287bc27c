using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Trm.Gateway.Access;

/// <summary>The key or token of a request: <c>Authorization: Bearer …</c>.</summary>
internal static class BearerToken
{
    private const string Parameter = "access_token";
    private const string Scheme = "Bearer ";

    /// <summary>What the request shows; null when it shows nothing.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && value[Scheme.Length..].Trim() is { Length: > 0 } token
            ? token
            : null;

    /// <summary>
    /// Moves <c>access_token</c> from the query to where every other client shows it. Browsers cannot set a header on a WebSocket or
    /// an event stream; everywhere else a key in an address is a mistake, and is dropped without being looked at.
    /// </summary>
    public static void TakeFromQuery(IHttpRequestFeature request)
    {
        if (!request.QueryString.Contains(Parameter, StringComparison.OrdinalIgnoreCase)) return;
        string? token = null;
        var others = new QueryBuilder();
        foreach (var pair in QueryHelpers.ParseQuery(request.QueryString))
        {
            if (pair.Key.Equals(Parameter, StringComparison.OrdinalIgnoreCase)) token = pair.Value.Count == 1 ? pair.Value[0] : null;
            else foreach (var value in pair.Value) others.Add(pair.Key, value ?? "");
        }
        request.QueryString = others.ToString();
        if (!string.IsNullOrEmpty(token) && IsStream(request.Path) && !request.Headers.ContainsKey(HeaderNames.Authorization))
            request.Headers.Authorization = Scheme + token;
    }

    private static bool IsStream(string path) =>
        path.StartsWith("/ws/", StringComparison.OrdinalIgnoreCase) || path.TrimEnd('/').EndsWith("/stream", StringComparison.OrdinalIgnoreCase);
}
