using System.Globalization;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Trm.Gateway.Rest;

namespace Trm.Gateway.OpenInference;

/// <summary>A request's body, unpacked: the JSON, and the bytes of binary tensors after it.</summary>
/// <param name="Json">The request object in UTF-8.</param>
/// <param name="Binary">Tensors' data in the order of the inputs; empty without the binary extension.</param>
/// <param name="IsSplit">The request said where the JSON ends.</param>
internal sealed record InferBody(ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Binary, bool IsSplit)
{
    /// <summary>Header of requests and responses with binary tensors: the length of the JSON in bytes.</summary>
    public const string JsonLengthHeader = "Inference-Header-Content-Length";

    /// <summary>Reads the whole body; <c>Content-Encoding</c> may be gzip or deflate, and lengths are those of the unpacked body.</summary>
    /// <param name="request">Whose body.</param>
    /// <param name="limit">In bytes, packed and unpacked.</param>
    /// <param name="cancellation">The request's.</param>
    /// <exception cref="BadHttpRequestException">413: larger than the limit; 415: another encoding.</exception>
    /// <exception cref="InvalidInferenceException">It cannot be unpacked, or the JSON's length is none.</exception>
    public static async Task<InferBody> ReadAsync(HttpRequest request, long limit, CancellationToken cancellation)
    {
        using var received = await RequestBody.ReadAsync(request, limit, cancellation);
        return Split(Unpack(received, request.Headers.ContentEncoding, limit), request.Headers[JsonLengthHeader]);
    }

    private static ReadOnlyMemory<byte> Unpack(MemoryStream received, StringValues encoding, long limit)
    {
        var name = encoding.ToString();
        if (name.Length == 0 || name.Equals("identity", StringComparison.OrdinalIgnoreCase)) return received.GetBuffer().AsMemory(0, (int)received.Length);
        using Stream unpacking = name.ToUpperInvariant() switch
        {
            "GZIP" => new GZipStream(received, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(received, CompressionMode.Decompress), // HTTP means zlib's format by it
            _ => throw new BadHttpRequestException(
                $"{HeaderNames.ContentEncoding} is '{ProtocolJson.Shown(name)}'; send gzip, deflate or none", StatusCodes.Status415UnsupportedMediaType),
        };
        try
        {
            return ReadUpTo(unpacking, limit);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidInferenceException($"the body is not {name}, which {HeaderNames.ContentEncoding} says it is", error);
        }
    }

    // A few packed bytes can hold gigabytes; what is beyond the limit is never unpacked.
    private static ReadOnlyMemory<byte> ReadUpTo(Stream unpacking, long limit)
    {
        var unpacked = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (unpacking.Read(buffer) is > 0 and var count)
        {
            unpacked.Write(buffer, 0, count);
            if (unpacked.Length > limit)
                throw new BadHttpRequestException($"the unpacked body is larger than {limit} bytes; send fewer rows", StatusCodes.Status413PayloadTooLarge);
        }
        return unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
    }

    private static InferBody Split(ReadOnlyMemory<byte> body, StringValues header)
    {
        if (header.Count == 0) return new InferBody(body, default, IsSplit: false);
        if (!int.TryParse(header.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > body.Length)
            throw new InvalidInferenceException($"{JsonLengthHeader} is '{ProtocolJson.Shown(header.ToString())}'; it must be the length of the JSON, from 0 to the body's {body.Length} bytes");
        return new InferBody(body[..length], body[length..], IsSplit: true);
    }
}
