using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Trm.Core;
using Trm.Core.Features;
using Trm.Core.Predictions;
using Trm.Gateway.Protocol;

namespace Trm.Cli.Output;

/// <summary>JSON lines on stdout: a message's <c>data</c> as the WebSocket sends it.</summary>
internal static class JsonOutput
{
    public static void WriteLine(Prediction prediction) => WriteLine(PredictionJson.Data(prediction));

    public static void WriteLine(FeatureVector features, ModelOutput output, DateTimeOffset timestamp) =>
        WriteLine(PredictionJson.Output(timestamp, features, output));

    public static void WriteError(int line, TrmException error) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteNumber("line", line);
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>One JSON value and a line end.</summary>
    public static void Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        // For programs and people, never for HTML: a '+' of a version stays one.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) write(json);
        WriteLine(buffer.ToArray());
    }

    private static void WriteLine(byte[] json) => Console.Out.WriteLine(Encoding.UTF8.GetString(json));
}
