using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Trm.Bench.FanOut.SignalR;

/// <summary>Sends the message to all, each time when the one before is handed to every connection, up to what is granted.</summary>
/// <param name="hub">The hub's clients.</param>
/// <param name="template">The bench's message.</param>
/// <param name="time">What the message tells.</param>
internal sealed class Broadcaster(IHubContext<PredictionHub> hub, string template, TimeProvider time)
{
    private const string Target = "trm_prediction";

    /// <summary>SignalR's own words around an argument, the record separator included.</summary>
    private static readonly int Envelope = $$"""{"type":1,"target":"{{Target}}","arguments":[]}""".Length + 1;

    private readonly string argument = Fit(template);
    private readonly Channel<long> grants = Channel.CreateUnbounded<long>();
    private long published;

    /// <summary>So many broadcasts in all may be made.</summary>
    public void Grant(long count) => grants.Writer.TryWrite(count);

    public async Task RunAsync()
    {
        await foreach (var granted in grants.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            while (published < granted)
            {
                using var message = JsonDocument.Parse(argument.Replace("NOW", Now(), StringComparison.Ordinal));
                await hub.Clients.All.SendAsync(Target, message.RootElement).ConfigureAwait(false);
                published++;
            }
        }
    }

    private string Now() => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // The envelope stands for the message's own type and time; what it is shorter by goes to the model's version, so that
    // every server sends messages of the same size.
    private static string Fit(string template)
    {
        using var message = JsonDocument.Parse(template);
        var data = message.RootElement.GetProperty("data");
        var text = data.GetRawText();
        var version = data.GetProperty("model_version").GetString()!;
        var padded = version.PadRight(version.Length + template.Length - text.Length - Envelope, '0');
        return text
            .Replace(version, padded, StringComparison.Ordinal)
            .Replace(data.GetProperty("timestamp").GetString()!, "NOW", StringComparison.Ordinal);
    }
}
