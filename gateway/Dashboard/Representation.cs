using Microsoft.Net.Http.Headers;

namespace Trm.Gateway.Dashboard;

/// <summary>A file in one content coding.</summary>
/// <param name="Coding">As <c>Content-Encoding</c> names it, or <see cref="Identity"/>.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Tag">Strong, so of these bytes only.</param>
internal sealed record Representation(string Coding, byte[] Bytes, EntityTagHeaderValue Tag)
{
    /// <summary>Not compressed.</summary>
    public const string Identity = "identity";

    /// <summary>How much a client wants it: 0 not at all, 1 most. What nobody mentions is refused, but for the file as it is.</summary>
    public double QualityFor(IList<StringWithQualityHeaderValue> accepted)
    {
        var said = accepted.FirstOrDefault(a => a.Value.Equals(Coding, StringComparison.OrdinalIgnoreCase)) ?? accepted.FirstOrDefault(a => a.Value == "*");
        return said is not null ? said.Quality ?? 1 : Coding == Identity ? double.Epsilon : 0;
    }
}
