using System.Text;
using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Tests.WebSockets;

public sealed class ClientFramesTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(125, 2)]
    [InlineData(126, 4)]
    [InlineData(70_000, 10)]
    public void A_clients_frame_is_masked_and_says_its_length(int length, int start)
    {
        var text = new string('x', length);
        var frame = ClientFrames.Text(text);

        Assert.Equal(start + 4 + length, frame.Length);
        Assert.Equal(0x81, frame[0]);
        Assert.Equal(0x80, frame[1] & 0x80);
        var mask = frame.AsSpan(start, 4).ToArray();
        var payload = frame.AsSpan(start + 4).ToArray().Select((b, i) => (byte)(b ^ mask[i % 4])).ToArray();
        Assert.Equal(text, Encoding.UTF8.GetString(payload));
    }
}
