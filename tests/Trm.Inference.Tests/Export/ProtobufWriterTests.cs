using Trm.Inference.Checkpoints;
using Trm.Inference.Export;

namespace Trm.Inference.Tests.Export;

/// <summary>The encodings of the protobuf documentation, byte for byte.</summary>
public sealed class ProtobufWriterTests
{
    [Theory]
    [InlineData(1, 0, "0800")]
    [InlineData(1, 150, "089601")]
    [InlineData(14, 127, "707F")]
    [InlineData(20, 128, "A0018001")]
    [InlineData(1, -2, "08FEFFFFFFFFFFFFFFFF01")]
    [InlineData(1, long.MaxValue, "08FFFFFFFFFFFFFFFF7F")]
    public void An_integer_is_a_varint(int field, long value, string expected) =>
        Assert.Equal(expected, Convert.ToHexString(new ProtobufWriter().Integer(field, value).ToArray()));

    [Fact]
    public void A_text_a_float_and_bytes_say_their_length() =>
        Assert.Equal(
            "120774657374696E67" + "150000803F" + "4A0200FF" + "0A02C3A9",
            Convert.ToHexString(new ProtobufWriter().Text(2, "testing").Float(2, 1f).Bytes(9, new byte[] { 0, 255 }).Text(1, "é").ToArray()));

    [Fact]
    public void A_message_is_nested_whole_however_long()
    {
        var inner = new ProtobufWriter().Bytes(9, new byte[300]).Integer(1, 150);
        var outer = new ProtobufWriter().Message(3, inner).Integer(2, 1);

        var read = new ProtobufReader(outer.ToArray());

        Assert.Equal(outer.Length, outer.ToArray().Length);
        Assert.Equal(300, read.Message(3).Bytes(9).Length);
        Assert.Equal((150, 1), (read.Message(3).Integer(1), read.Integer(2)));
    }
}
