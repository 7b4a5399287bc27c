using System.Text.Json;

namespace Trm.Cli.Cluster;

/// <summary>Asks a silo or a gateway whether it is ready.</summary>
internal sealed class HealthProbe : IDisposable
{
    private const int Shown = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient client = new() { Timeout = Patience };

    /// <summary>What <c>/health/ready</c> of a node says; never throws for a node that does not answer.</summary>
    public async Task<Readiness> CheckAsync(string url, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(new Uri(url), "/health/ready"), cancellation).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return Readiness.Ready;
            return Readiness.Not(Reason(await answer.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false)) ?? $"it answers {(int)answer.StatusCode}");
        }
        catch (HttpRequestException)
        {
            return Readiness.Not("it does not listen yet");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Readiness.Not($"it does not answer within {Patience.TotalSeconds:0} s");
        }
    }

    public void Dispose() => client.Dispose();

    // The gateway says why in a problem document; other hosts in plain text.
    private static string? Reason(string body)
    {
        var text = body;
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("detail", out var detail)) text = detail.GetString() ?? "";
        }
        catch (JsonException)
        {
            // Plain text then.
        }
        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length switch
        {
            0 => null,
            > Shown => $"{text[..Shown]}…",
            _ => text,
        };
    }
}
