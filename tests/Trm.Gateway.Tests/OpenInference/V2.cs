using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Trm.Core.Predictions;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.OpenInference;

/// <summary>The protocol as a client writes and reads it.</summary>
internal static class V2
{
    public const string Infer = "/v2/models/trm/infer";
    public const string JsonLength = "Inference-Header-Content-Length";

    /// <summary>Row i: strategy i, halt 0.5, the rest countable.</summary>
    public static double[] Row(int i) => [i, 1, 2, 3, 4, 5, 6, 7, 8, 0.5];

    public static Task<GatewayHost> StartAsync(FakePredictor predictor, Action<GatewayOptions>? options = null) =>
        GatewayHost.StartAsync(options: options, services: s => s.AddSingleton<IPredictor>(predictor));

    public static string Request(string shape = "[1,10]", string data = "[3,1,2,3,4,5,6,7,8,0.5]", string datatype = "FP64", string more = "") =>
        $$"""{"inputs":[{"name":"features","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}]{{more}}}""";

    public static string BinaryRequest(string shape, int size, string datatype = "FP32", string more = "") =>
        $$$"""{"inputs":[{"name":"features","shape":{{{shape}}},"datatype":"{{{datatype}}}","parameters":{"binary_data_size":{{{size}}}}}]{{{more}}}}""";

    public static HttpContent Json(string json) => new StringContent(json, Encoding.UTF8, "application/json");

    /// <summary>JSON with bytes after it; the header says the JSON's length unless told otherwise.</summary>
    public static HttpContent Binary(string json, byte[] tail, string? length = null)
    {
        var text = Encoding.UTF8.GetBytes(json);
        var content = new ByteArrayContent([.. text, .. tail]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.TryAddWithoutValidation(JsonLength, length ?? $"{text.Length}");
        return content;
    }

    /// <summary>A body under a Content-Encoding; identity leaves it as it is.</summary>
    public static HttpContent Packed(byte[] body, string encoding, int jsonLength)
    {
        using var packed = new MemoryStream();
        using (Stream packing = encoding.ToUpperInvariant() switch
        {
            "GZIP" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "DEFLATE" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BufferedStream(new MemoryStream()),
        })
        {
            packing.Write(body);
        }
        var content = new ByteArrayContent(packed.Length > 0 ? packed.ToArray() : body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        content.Headers.TryAddWithoutValidation(JsonLength, $"{jsonLength}");
        return content;
    }

    public static byte[] Singles(params IEnumerable<double> values) => [.. values.SelectMany(v => BitConverter.GetBytes((float)v))];

    public static byte[] Doubles(params IEnumerable<double> values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static async Task<JsonElement> OkAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.False(response.Headers.Contains(JsonLength));
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>An error as the protocol's clients read it: an object with the one field error.</summary>
    public static async Task<string> ErrorAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var field = Assert.Single(JsonDocument.Parse(text).RootElement.EnumerateObject());
        Assert.Equal("error", field.Name);
        return field.Value.GetString()!;
    }

    public static JsonElement Output(JsonElement response, string name) =>
        Assert.Single(response.GetProperty("outputs").EnumerateArray(), o => o.GetProperty("name").GetString() == name);

    public static float[] Floats(JsonElement output) => [.. output.GetProperty("data").EnumerateArray().Select(v => v.GetSingle())];

    public static int[] Shape(JsonElement output) => [.. output.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())];
}
