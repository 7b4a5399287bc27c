using System.Text.Json;

namespace Trm.Hosting;

/// <summary>Asks a running program of the service whether it is ready.</summary>
/// <param name="patience">How long it waits for an answer; null is two seconds.</param>
internal sealed class HealthProbe(TimeSpan? patience = null) : IDisposable
{
    private const int Shown = 200;

    private readonly HttpClient client = new() { Timeout = patience ?? TimeSpan.FromSeconds(2) };

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
            return Readiness.Not($"it does not answer within {client.Timeout.TotalSeconds:0} s");
        }
    }

    /// <summary>One question for scripts and containers, which have no other program to ask with. A reason goes to stderr.</summary>
    /// <param name="url">Of the program, as in <c>http://127.0.0.1:8000</c>.</param>
    /// <param name="program">Its name, which errors begin with.</param>
    /// <returns>0 ready, 1 not.</returns>
    public static async Task<int> AskAsync(string url, string program)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"'{url}' is no address; give one like http://127.0.0.1:8000");
        using var probe = new HealthProbe();
        var readiness = await probe.CheckAsync(url, CancellationToken.None).ConfigureAwait(false);
        if (readiness.Ok) return 0;
        await Console.Error.WriteLineAsync($"{program}: {url} is not ready: {readiness.Why}").ConfigureAwait(false);
        return 1;
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
