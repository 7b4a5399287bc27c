using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Trm.Gateway.Rest;

/// <summary>What a client wants of the ways to code an answer's body (RFC 9110 section 12.5.3).</summary>
internal static class ContentCoding
{
    public const string Brotli = "br";
    public const string Gzip = "gzip";

    /// <summary>Not compressed.</summary>
    public const string Identity = "identity";

    /// <summary>The one that the client likes best; of equals the first.</summary>
    /// <param name="request">Of the client.</param>
    /// <param name="choices">What there is, in the order of our liking; never empty.</param>
    /// <param name="coding">The coding of a choice.</param>
    public static T Best<T>(HttpRequest request, IEnumerable<T> choices, Func<T, string> coding)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        return choices.MaxBy(choice => Quality(accepted, coding(choice)))!;
    }

    // 0 not at all, 1 most. What nobody mentions is refused, but for the body as it is.
    private static double Quality(IList<StringWithQualityHeaderValue> accepted, string coding)
    {
        var said = accepted.FirstOrDefault(a => a.Value.Equals(coding, StringComparison.OrdinalIgnoreCase)) ?? accepted.FirstOrDefault(a => a.Value == "*");
        return said is not null ? said.Quality ?? 1 : coding == Identity ? double.Epsilon : 0;
    }
}
