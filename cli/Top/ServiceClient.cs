using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Trm.Core;

namespace Trm.Cli.Top;

/// <summary>Asks a running service how it is, by its public API only.</summary>
internal sealed class ServiceClient
{
    private const int AtOnce = 8;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient http;
    private readonly ConcurrentDictionary<string, LatestAnswer> latest = new(StringComparer.Ordinal);

    /// <param name="http">With a time limit; its base address is the service.</param>
    /// <param name="key">Shown with each call; null for a service that asks for none.</param>
    public ServiceClient(HttpClient http, string? key)
    {
        this.http = http;
        if (key is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>How it is now.</summary>
    /// <exception cref="TrmException">It does not answer, wants another key, or is no such service.</exception>
    public async Task<ServiceSample> AskAsync(CancellationToken cancellation)
    {
        try
        {
            var health = await GetAsync<HealthAnswer>("/api/health", cancellation).ConfigureAwait(false) ?? throw NoService();
            // Only what is new is asked for: with many markets at a long interval that is next to nothing.
            await Parallel.ForEachAsync(
                health.Markets.Where(IsNew), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                async (market, stop) =>
                {
                    if (await GetAsync<LatestAnswer>($"/api/markets/{market.Market}/latest", stop).ConfigureAwait(false) is { } answer) latest[market.Market] = answer;
                }).ConfigureAwait(false);
            return new ServiceSample(health, [.. health.Markets.Select(m => (m, latest.GetValueOrDefault(m.Market)))]);
        }
        catch (HttpRequestException error)
        {
            throw new TrmException("no_service", $"{http.BaseAddress} does not answer ({error.GetBaseException().Message})", error);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new TrmException("no_service", $"{http.BaseAddress} does not answer within {http.Timeout.TotalSeconds:0} s", error);
        }
        catch (JsonException error)
        {
            throw NoService(error);
        }
    }

    private bool IsNew(MarketAnswer market) =>
        market.Sequence > 0 && !(latest.TryGetValue(market.Market, out var known) && known.Epoch == market.Epoch && known.Sequence >= market.Sequence);

    private TrmException NoService(Exception? inner = null) =>
        new("no_service", $"{http.BaseAddress} is no trm service; name one with --url", inner);

    // Null where there is no such thing, as no prediction yet.
    private async Task<T?> GetAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation).ConfigureAwait(false);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => await answer.Content.ReadFromJsonAsync<T>(Json, cancellation).ConfigureAwait(false),
            HttpStatusCode.NotFound => null,
            HttpStatusCode.Unauthorized => throw new TrmException("key_needed", $"{http.BaseAddress} wants a key that it knows; give one with --key or TRM_KEY"),
            HttpStatusCode.Forbidden => throw new TrmException("key_needed", $"{http.BaseAddress} wants a key of scope read; give one with --key or TRM_KEY"),
            var other => throw new TrmException("no_service", $"{http.BaseAddress} answers {(int)other} to {path}"),
        };
    }
}
