using System.Text;
using Trm.Inference.Packages;

namespace Trm.Inference.Tests.Packages;

public sealed class SafetensorsTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var weights = RandomModel.Weights(10);

        var entries = Safetensors.Read(Safetensors.Write(weights));

        Assert.Equal(22, entries.Count);
        Assert.All(entries, entry => Assert.Equal(weights[entry.Name].Data, entry.Read()));
    }

    [Fact]
    public void Half_precisions_are_widened()
    {
        var file = File("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]}}""", [0x00, 0x3c, 0x00, 0xc0, 0x80, 0x3f]);

        var entries = Safetensors.Read(file);

        Assert.Equal([1f, -2f], entries[0].Read());
        Assert.Equal([1f], entries[1].Read());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "needs 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at 4; the one before ends at 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at 4; the one before ends at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "cut short?")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "cut short?")]
    [InlineData("""{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", "dtype I64")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "has shape [-2]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2000000000,2000000000,2000000000,2000000000,2000000000],"data_offsets":[0,8]}}""", "more than")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", "3 data_offsets")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", "header is not what it must be")]
    [InlineData("""{"a":[[[[[[1]]]]]]}""", "header is not what it must be")]
    [InlineData("""[1]""", "header is not what it must be")]
    public void A_file_that_claims_what_it_does_not_hold_is_refused(string header, string message)
    {
        var error = Assert.Throws<ModelFormatException>(() => Safetensors.Read(File(header, new byte[8])));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        Assert.Throws<ModelFormatException>(() => Safetensors.Read([1, 2, 3]));
        Assert.Throws<ModelFormatException>(() => Safetensors.Read([255, 255, 255, 255, 255, 255, 255, 255]));
        Assert.Throws<ModelFormatException>(() => Safetensors.Read([9, 0, 0, 0, 0, 0, 0, 0, 1]));
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_read_or_refused_but_never_crashes()
    {
        var file = Safetensors.Write(RandomModel.Weights(2));
        var random = new Random(4);
        for (var i = 0; i < 2_000; i++)
        {
            var damaged = (byte[])file.Clone();
            damaged[random.Next(1600)] = (byte)random.Next(256);
            var error = Record.Exception(() => Safetensors.Read(damaged).Select(entry => entry.Read()).ToList());
            Assert.True(error is null or ModelFormatException, $"{error}");
        }
    }

    private static byte[] File(string header, byte[] data) => [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(header)), .. Encoding.UTF8.GetBytes(header), .. data];
}
