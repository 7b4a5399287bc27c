using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Trm.Gateway.Protocol;

/// <summary>How every JSON text of the gateway is written: compact, and not escaped for HTML, which it never is in.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1_536);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenSpan.ToArray();
    }
}
