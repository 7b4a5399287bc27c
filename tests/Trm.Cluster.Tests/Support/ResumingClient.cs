using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Trm.Cluster.Tests.Support;

/// <summary>
/// A client with delivery <c>all</c>, as a careful dashboard is one: it comes back whenever its connection ends, says where it
/// stands, and writes down everything that it is told after that.
/// </summary>
internal sealed class ResumingClient : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, List<long>> heard = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Epoch, long Sequence)> places = new(StringComparer.Ordinal);
    private readonly List<string> complaints = [];
    private readonly List<string> errors = [];
    private readonly CancellationTokenSource leaving = new();
    private readonly Uri uri;
    private readonly Task running;
    private int connections;

    public ResumingClient(string address)
    {
        uri = new Uri($"{address.Replace("http", "ws", StringComparison.Ordinal).TrimEnd('/')}/ws/resuming");
        running = Task.Run(RunAsync);
    }

    /// <summary>How often it has said where it stands, and was answered.</summary>
    public int Connections => Volatile.Read(ref connections);

    public IReadOnlyList<string> Errors
    {
        get { lock (gate) return [.. errors]; }
    }

    public IReadOnlyList<long> Heard(string market)
    {
        lock (gate) return heard.TryGetValue(market, out var all) ? [.. all] : [];
    }

    public Task SubscribedAsync(int times = 1) => Eventually.TrueAsync(() => Connections >= times, () => string.Join('\n', Complaints));

    /// <summary>Completes when it has heard of a sequence.</summary>
    public Task HeardAsync(string market, long sequence) => Eventually.TrueAsync(
        () => Last(market) >= sequence, () => $"{market}: heard to {Last(market)} of {sequence}; {string.Join('\n', Complaints)}");

    /// <summary>It saw each sequence once, in order, from its first on.</summary>
    public void AssertOnceAndInOrder(string market)
    {
        Assert.Empty(Complaints);
        var all = Heard(market);
        Assert.NotEmpty(all);
        Assert.Equal(Enumerable.Range(0, all.Count).Select(i => all[0] + i), all);
    }

    public async ValueTask DisposeAsync()
    {
        await leaving.CancelAsync();
        await running;
        leaving.Dispose();
    }

    private long Last(string market) => Heard(market) is [.., var last] ? last : 0;

    private IReadOnlyList<string> Complaints
    {
        get { lock (gate) return [.. complaints]; }
    }

    private async Task RunAsync()
    {
        while (!leaving.IsCancellationRequested)
        {
            try
            {
                using var socket = new ClientWebSocket();
                await socket.ConnectAsync(uri, leaving.Token);
                await FollowAsync(socket);
            }
            catch (Exception error) when (error is WebSocketException or HttpRequestException or IOException)
            {
                // The gateway is gone, or not yet there.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error)
            {
                lock (gate) complaints.Add($"{error}");
                return;
            }
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, leaving.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(ClientWebSocket socket)
    {
        var id = Guid.NewGuid().ToString();
        await SendAsync(socket, id);
        var isSubscribed = false;
        var buffer = new byte[1 << 20];
        while (await TextAsync(socket, buffer) is { } text)
        {
            using var document = JsonDocument.Parse(text);
            var message = document.RootElement;
            switch (message.GetProperty("type").GetString())
            {
                case "subscribed" when message.GetProperty("id").GetString() == id:
                    Subscribed(message.GetProperty("markets"));
                    isSubscribed = true;
                    break;
                case "trm_prediction" when isSubscribed:
                    Take(message.GetProperty("data"));
                    break;
                case "resync":
                    lock (gate) complaints.Add(text);
                    break;
                case "prediction_error":
                    lock (gate) errors.Add(message.GetProperty("code").GetString()!);
                    break;
                case "error" when !isSubscribed:
                    // The cluster did not say where its logs stand: asked again on a new connection.
                    return;
            }
        }
    }

    private void Subscribed(JsonElement markets)
    {
        lock (gate)
        {
            foreach (var market in markets.EnumerateObject())
                places.TryAdd(market.Name, (market.Value.GetProperty("epoch").GetString()!, market.Value.GetProperty("sequence").GetInt64()));
        }
        Interlocked.Increment(ref connections);
    }

    private void Take(JsonElement data)
    {
        var (market, sequence) = (data.GetProperty("market").GetString()!, data.GetProperty("sequence").GetInt64());
        lock (gate)
        {
            if (!heard.TryGetValue(market, out var all)) heard.Add(market, all = []);
            all.Add(sequence);
            places[market] = (data.GetProperty("epoch").GetString()!, sequence);
        }
    }

    private Task SendAsync(ClientWebSocket socket, string id)
    {
        string since;
        lock (gate)
        {
            since = string.Join(',', places.Select(p => string.Create(
                CultureInfo.InvariantCulture, $$"""{{JsonSerializer.Serialize(p.Key)}}:{"epoch":"{{p.Value.Epoch}}","sequence":{{p.Value.Sequence}}}""")));
        }
        var text = $$$"""{"type":"subscribe","delivery":"all","id":"{{{id}}}","since":{ {{{since}}} } }""";
        return socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, leaving.Token);
    }

    private async Task<string?> TextAsync(ClientWebSocket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), leaving.Token);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
