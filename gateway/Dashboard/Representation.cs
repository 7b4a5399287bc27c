using Microsoft.Net.Http.Headers;
using Trm.Gateway.Rest;

namespace Trm.Gateway.Dashboard;

/// <summary>A file in one content coding.</summary>
/// <param name="Coding">One of those of <see cref="ContentCoding"/>.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Tag">Strong, so of these bytes only.</param>
internal sealed record Representation(string Coding, byte[] Bytes, EntityTagHeaderValue Tag);
