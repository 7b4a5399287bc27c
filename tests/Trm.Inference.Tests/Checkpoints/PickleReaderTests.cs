using System.Text;
using Trm.Inference.Checkpoints;

namespace Trm.Inference.Tests.Checkpoints;

public sealed class PickleReaderTests
{
    public static TheoryData<string, byte[]> Calls => new()
    {
        { "os.system", new PickleBuilder().Global("os", "system").Op('(').Text("touch /tmp/x").Op('t').Op('R').Stop() },
        { "posix.system", new PickleBuilder(4).Text("posix").Text("system").Op(0x93).Text("id").Op(0x85).Op('R').Stop() },
        { "builtins.eval", new PickleBuilder(4).Op(0x8c, 8).Op("builtins"u8.ToArray()).Op(0x8c, 4).Op("eval"u8.ToArray()).Op(0x93).Stop() },
        { "builtins.exec", new PickleBuilder().Op('}').Op('(').Text("model_state_dict").Op(']').Global("builtins", "exec").Op('a').Op('u').Stop() },
        { "os.system", Encoding.ASCII.GetBytes("cos\nsystem\n(S'id'\ntR.") },
        { "subprocess.Popen", new PickleBuilder().Op('(').Op('i').Op("subprocess\nPopen\n"u8.ToArray()).Stop() },
        { "torch.load", new PickleBuilder().Global("torch", "load").Stop() },
        { "torch.FloatStorage", new PickleBuilder().Global("torch", "FloatStorage").Op(')').Op(0x81).Stop() },
        { "torch.FloatStorage", new PickleBuilder().Global("torch", "FloatStorage").Op(')').Op('R').Stop() },
        { "collections.OrderedDict", new PickleBuilder().Global("collections", "OrderedDict").Op('}').Op('b').Stop() },
        { "a call of a string", new PickleBuilder().Text("eval").Op(')').Op('R').Stop() },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_pickle_that_tries_to_call_anything_is_refused_by_name(string name, byte[] pickle)
    {
        var error = Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle));

        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "empty stack", new PickleBuilder().Op('0').Stop() },
        { "empty stack", new PickleBuilder().Op((byte)'K', 1).Op('(').Op(0x85).Stop() },
        { "missing mark", new PickleBuilder().Op('t').Stop() },
        { "never stored", new PickleBuilder().Op((byte)'h', 3).Stop() },
        { "numbered", new PickleBuilder().Op('N').Op((byte)'r', 255, 255, 255, 255).Stop() },
        { "cut short", new PickleBuilder().Op((byte)'X', 255, 255, 255, 255).Stop() },
        { "not UTF-8", new PickleBuilder().Op((byte)'X', 1, 0, 0, 0, 0xff).Stop() },
        { "dictionary key", new PickleBuilder().Op('}').Op(']').Op('N').Op('s').Stop() },
        { "without its value", new PickleBuilder().Op('}').Op('(').Op('N').Op('u').Stop() },
        { "not a list", new PickleBuilder().Op('}').Op('N').Op('a').Stop() },
        { "storage", new PickleBuilder().Text("0").Op('Q').Stop() },
        { "of -1 numbers", new PickleBuilder().Storage("0", -1).Stop() },
        { "protocol 9", new PickleBuilder(9).Stop() },
        { "does not end", new PickleBuilder().Op('c').Op(new byte[1000]).Stop() },
        { "opcode 0x82", new PickleBuilder().Op(0x82, 1).Stop() },
        { "more than the 4 numbers", new PickleBuilder().Tensor("0", 4, [1L << 40, 1L << 40]).Stop() },
        { "more than the 1 numbers", new PickleBuilder().Tensor("0", 1, [1 << 28], [0]).Stop() },
        { "outside the 4 numbers", new PickleBuilder().Tensor("0", 4, [4], [1], offset: 1).Stop() },
        { "outside the 4 numbers", new PickleBuilder().Tensor("0", 4, [2], [long.MaxValue]).Stop() },
        { "negative", new PickleBuilder().Tensor("0", 4, [2], [-1], offset: 2).Stop() },
        { "negative", new PickleBuilder().Tensor("0", 4, [-4], [1]).Stop() },
        { "sizes and", new PickleBuilder().Tensor("0", 4, [2, 2], [1]).Stop() },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Nonsense_is_one_clear_error(string part, byte[] pickle)
    {
        var error = Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle));

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_cut_anywhere_or_with_any_byte_changed_is_read_or_refused_but_never_crashes()
    {
        var pickle = new PickleBuilder().StateDict(RandomModel.Tensors(2)).Stop();
        for (var length = 0; length < pickle.Length; length++) Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle[..length]));

        var random = new Random(3);
        for (var i = 0; i < 5_000; i++)
        {
            var damaged = (byte[])pickle.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var error = Record.Exception(() => PickleReader.Read(damaged));
            Assert.True(error is null or ModelFormatException, $"{error}");
        }
    }

    [Fact]
    public void A_pickle_without_end_is_stopped()
    {
        var pickle = new byte[PickleReader.MaxInstructions + 2];
        Array.Fill(pickle, (byte)')');

        Assert.Contains("instructions", Assert.Throws<ModelFormatException>(() => PickleReader.Read(pickle)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_values_of_a_wrapper_are_data()
    {
        var pickle = new PickleBuilder(4).Op(0x95, 0, 0, 0, 0, 0, 0, 0, 0).Op('}').Op('(')
            .Text("none").Op('N').Text("yes").Op(0x88).Text("int").Int(-5).Text("pi").Op('G').Op(0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18)
            .Text("list").Op(']').Op(0x94).Op('(').Op((byte)'K', 1).Op((byte)'M', 2, 1).Op('e').Text("again").Op((byte)'h', 0).Op('u').Stop();

        var root = Assert.IsType<Dictionary<object, object?>>(PickleReader.Read(pickle));

        Assert.Null(root["none"]);
        Assert.Equal(true, root["yes"]);
        Assert.Equal(-5L, root["int"]);
        Assert.Equal(Math.PI, root["pi"]);
        Assert.Equal([1L, 258L], Assert.IsType<List<object?>>(root["list"]));
        Assert.Same(root["list"], root["again"]);
    }
}
