using System.Text;
using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Tests.WebSockets;

public sealed class UpgradeTests
{
    private const string Answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    [Fact]
    public void An_answer_is_read_when_it_is_whole_and_frames_behind_it_are_left()
    {
        var bytes = Encoding.ASCII.GetBytes($"{Answer}frames");

        Assert.Null(Upgrade.TryRead(bytes.AsSpan(0, Answer.Length - 1), out _));
        Assert.True(Upgrade.TryRead(bytes, out var length));
        Assert.Equal(Answer.Length, length);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: another\r\n\r\n")]
    public void A_server_that_does_not_agree_is_noticed(string answer) =>
        Assert.False(Upgrade.TryRead(Encoding.ASCII.GetBytes(answer), out _));
}
