using System.Text.Json;
using System.Text.RegularExpressions;
using Trm.Bench.FanOut.Server;
using Trm.Gateway.Protocol;

namespace Trm.Bench.FanOut.Tests.Server;

public sealed partial class SamplePredictionsTests
{
    private static readonly Guid Epoch = new("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456);

    private readonly SamplePredictions predictions = new(BenchHost.MarketId, Epoch);

    [Fact]
    public void The_peers_send_the_gateways_own_message() =>
        Assert.Equal(File.ReadAllText(MessageFile()).TrimEnd(), Text(1));

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(99_999)]
    [InlineData(1_234_567)]
    public void Every_message_has_the_same_size_whatever_its_sequence(long sequence)
    {
        var text = Text(sequence);
        Assert.Equal(SamplePredictions.MessageLength, text.Length);
        Assert.Equal(sequence, JsonDocument.Parse(text).RootElement.GetProperty("data").GetProperty("sequence").GetInt64());
    }

    [Fact]
    public void The_time_is_where_the_clients_look_for_it() => Assert.Equal(38, Timestamp().Match(Text(1)).Index);

    private string Text(long sequence) => System.Text.Encoding.UTF8.GetString(PredictionJson.Message(predictions.Make(sequence, At, 0)));

    private static string MessageFile()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, "bench", "fanout", "peers", "message.json");
            if (File.Exists(file)) return file;
        }
        throw new FileNotFoundException("message.json is in no folder above the tests");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")]
    private static partial Regex Timestamp();
}
