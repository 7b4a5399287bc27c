using System.Globalization;

namespace Trm.Gateway.Tests.Support;

/// <summary>A server-sent-events client that waits for each event for a while, then fails the test.</summary>
internal sealed class TestEventStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<TestEventStream> OpenAsync(GatewayHost host, string? lastEventId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/markets/m/stream{query}");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new TestEventStream(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event's lines joined by |; null at the end.</summary>
    public async Task<string?> NextAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length == 0) return string.Join('|', lines);
            lines.Add(line);
        }
        return null;
    }

    /// <summary>The next event of a name, skipping others.</summary>
    public async Task<string> NextAsync(string name)
    {
        while (await NextAsync() is { } text)
        {
            if (text.Contains($"event: {name}|", StringComparison.Ordinal)) return text;
        }
        throw new InvalidOperationException($"the stream ended before a {name}");
    }

    /// <summary>The sequence in the id of the next prediction.</summary>
    public async Task<long> NextSequenceAsync()
    {
        var id = (await NextAsync("trm_prediction")).Split('|')[0];
        Assert.StartsWith($"id: ", id, StringComparison.Ordinal);
        return long.Parse(id[(id.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    public async Task<IReadOnlyList<long>> SequencesAsync(int count)
    {
        var sequences = new List<long>();
        while (sequences.Count < count) sequences.Add(await NextSequenceAsync());
        return sequences;
    }

    /// <summary>Reads predictions up to a sequence.</summary>
    public async Task<IReadOnlyList<long>> SequencesUntilAsync(long last)
    {
        var sequences = new List<long>();
        while (sequences.LastOrDefault() < last) sequences.Add(await NextSequenceAsync());
        return sequences;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
