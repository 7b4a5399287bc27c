using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Trm.Core.Predictions;

namespace Trm.Gateway.Rest;

/// <summary>
/// What a client may keep of an answer, and when it need not be sent again (RFC 9110 section 13, RFC 9111). All is
/// <c>private</c>: with API keys, what one caller may see another may not.
/// </summary>
internal static class HttpCache
{
    /// <summary>May be kept, and is asked for again each time; 304 while nothing changed.</summary>
    public const string AskAgain = "private, no-cache";

    /// <summary>Never changes, so it is not asked for again.</summary>
    public const string Forever = "private, max-age=31536000, immutable";

    /// <summary>Nothing is promised of it.</summary>
    public const string Nothing = "no-store";

    // Another build may write the same prediction in other bytes.
    private static readonly string Build =
        $"{typeof(HttpCache).Module.ModuleVersionId:N}"[..8] + $"{typeof(Prediction).Module.ModuleVersionId:N}"[..8];

    /// <summary>Stamps the answer with a tag and what may be done with it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="state">Of what the answer is made of: letters, digits and dashes.</param>
    /// <param name="policy">One of the constants.</param>
    /// <returns>True when the client has it already: answer 304.</returns>
    public static bool ClientHas(HttpContext context, string state, string policy)
    {
        var tag = new EntityTagHeaderValue($"\"{state}-{Build}\"");
        var headers = context.Response.Headers;
        headers.ETag = tag.ToString();
        headers.CacheControl = policy;
        headers.Append(HeaderNames.Vary, HeaderNames.Authorization);
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        return context.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Equals(EntityTagHeaderValue.Any) || t.Compare(tag, useStrongComparison: false));
    }

    /// <summary>Takes tag and links back: the log changed while it was read.</summary>
    public static void Withdraw(HttpContext context)
    {
        context.Response.Headers.Remove(HeaderNames.ETag);
        context.Response.Headers.Remove(HeaderNames.Link);
        context.Response.Headers.CacheControl = Nothing;
    }
}
