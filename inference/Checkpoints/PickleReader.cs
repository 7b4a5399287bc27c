using System.Globalization;
using System.Numerics;

namespace Trm.Inference.Checkpoints;

/// <summary>
/// Reads the pickle of a torch checkpoint without running anything. A pickle is a program for a small stack machine;
/// this one has the instructions that build dictionaries, lists, numbers and text, and knows the few calls that a state
/// dict makes (see <see cref="PickleGlobal"/>) as data. Any other is refused by its name.
/// <para>
/// Values are null, bool, long, <see cref="BigInteger"/>, double, string, object?[] (a tuple), List, Dictionary,
/// <see cref="PickleGlobal"/>, <see cref="TorchStorage"/> and <see cref="TorchTensor"/>. Each instruction makes at most
/// one of them, so memory is bounded by the length of the pickle, which the callers bound.
/// </para>
/// </summary>
internal sealed class PickleReader(byte[] pickle)
{
    /// <summary>The most instructions; a checkpoint of this model has about a thousand.</summary>
    public const int MaxInstructions = 1_000_000;

    /// <summary>The longest pickle; tensors are not in it.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private readonly PickleStream stream = new(pickle);
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, object?> memo = [];

    /// <summary>What the pickle holds.</summary>
    /// <exception cref="ModelFormatException">Truncated, not a pickle, or it asks for something a state dict does not need.</exception>
    public static object? Read(byte[] pickle)
    {
        if (pickle.Length > MaxBytes) throw new ModelFormatException($"the pickle has {pickle.Length} bytes; at most {MaxBytes} are read");
        return new PickleReader(pickle).Run();
    }

    private object? Run()
    {
        for (var count = 0; count < MaxInstructions; count++)
        {
            var at = stream.Position;
            var opcode = (PickleOpcode)stream.Byte();
            if (opcode == PickleOpcode.Stop) return Pop();
            Step(opcode, at);
        }
        throw new ModelFormatException($"the pickle has more than {MaxInstructions} instructions");
    }

    private void Step(PickleOpcode opcode, int at)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto: CheckProtocol(stream.Byte()); break;
            case PickleOpcode.Frame: stream.UInt64(); break;

            case PickleOpcode.None: Push(null); break;
            case PickleOpcode.NewTrue: Push(true); break;
            case PickleOpcode.NewFalse: Push(false); break;
            case PickleOpcode.BinInt: Push((long)stream.Int32()); break;
            case PickleOpcode.BinInt1: Push((long)stream.Byte()); break;
            case PickleOpcode.BinInt2: Push((long)stream.UInt16()); break;
            case PickleOpcode.Long1: PushLong(stream.Take(stream.Byte())); break;
            case PickleOpcode.BinFloat: Push(stream.Double()); break;
            case PickleOpcode.BinUnicode: Push(stream.Text(stream.UInt32())); break;
            case PickleOpcode.ShortBinUnicode: Push(stream.Text(stream.Byte())); break;

            case PickleOpcode.EmptyTuple: Push(Array.Empty<object?>()); break;
            case PickleOpcode.EmptyList: Push(new List<object?>()); break;
            case PickleOpcode.EmptyDict: Push(new Dictionary<object, object?>(PickleKeys.Instance)); break;
            case PickleOpcode.Tuple1: Push(PopLast(1)); break;
            case PickleOpcode.Tuple2: Push(PopLast(2)); break;
            case PickleOpcode.Tuple3: Push(PopLast(3)); break;
            case PickleOpcode.Tuple: Push(PopToMark()); break;
            case PickleOpcode.Append: AddTo(PopLast(1)); break;
            case PickleOpcode.Appends: AddTo(PopToMark()); break;
            case PickleOpcode.SetItem: SetIn(PopLast(2)); break;
            case PickleOpcode.SetItems: SetIn(PopToMark()); break;

            case PickleOpcode.Mark: marks.Push(stack.Count); break;
            case PickleOpcode.Pop: Pop(); break;
            case PickleOpcode.PopMark: PopToMark(); break;
            case PickleOpcode.BinPut: Memorize(stream.Byte()); break;
            case PickleOpcode.LongBinPut: Memorize(stream.UInt32()); break;
            case PickleOpcode.Memoize: Memorize(memo.Count); break;
            case PickleOpcode.BinGet: Push(Recall(stream.Byte())); break;
            case PickleOpcode.LongBinGet: Push(Recall(stream.UInt32())); break;

            case PickleOpcode.Global: Push(PickleGlobal.Of(stream.Line(), stream.Line())); break;
            case PickleOpcode.StackGlobal: PushStackGlobal(); break;
            case PickleOpcode.Inst: throw PickleGlobal.Refused($"{stream.Line()}.{stream.Line()}");
            case PickleOpcode.NewObj: throw PickleGlobal.Refused($"making an object of {Describe(PopLast(2)[0])}");
            case PickleOpcode.Reduce: Reduce(); break;
            case PickleOpcode.Build: Build(); break;
            case PickleOpcode.BinPersId: Push(Storage(Pop())); break;

            default:
                throw new ModelFormatException(
                    $"refused: pickle opcode 0x{(byte)opcode:x2} at byte {at}; a state dict does not need it, or this is not a PyTorch checkpoint");
        }
    }

    private static void CheckProtocol(byte protocol)
    {
        if (protocol is < 2 or > 5) throw new ModelFormatException($"pickle protocol {protocol} is not known; torch.save writes 2 to 5");
    }

    // The two calls that rebuild a tensor, and two that wrap: read as data.
    private void Reduce()
    {
        var arguments = Pop() as object?[] ?? throw Malformed("a call without arguments");
        var callable = Pop();
        if (callable is not PickleGlobal global) throw PickleGlobal.Refused($"a call of {Describe(callable)}");
        if (global == PickleGlobal.OrderedDict && arguments.Length == 0) Push(new Dictionary<object, object?>(PickleKeys.Instance));
        else if (global == PickleGlobal.RebuildTensor) Push(Tensor(arguments));
        else if (global == PickleGlobal.RebuildParameter && arguments is [TorchTensor tensor, ..]) Push(tensor);
        else if (global == PickleGlobal.Size && arguments is [object?[] sizes]) Push(sizes);
        else throw PickleGlobal.Refused($"a call of {global.Name} with {arguments.Length} arguments of other kinds than torch.save writes");
    }

    private static TorchTensor Tensor(object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..])
            throw Malformed("a tensor that is not (storage, offset, sizes, strides, ...)");
        return new TorchTensor(storage, offset, Numbers(shape), Numbers(strides));
    }

    private static TorchStorage Storage(object? id)
    {
        if (id is not object?[] parts || parts is not ["storage", PickleGlobal global, string key, string, long count])
            throw Malformed("a storage that is not ('storage', type, key, device, count)");
        var type = ElementType.Of(global.Name) ?? throw Malformed($"a storage of {global.Name}");
        if (count < 0) throw Malformed($"a storage of {count} numbers");
        return new TorchStorage(type, key, count);
    }

    // torch hangs version numbers on a state dict (`_metadata`); they say nothing that is needed here.
    private void Build()
    {
        var state = Pop();
        if (Peek() is not Dictionary<object, object?> || state is not Dictionary<object, object?>)
            throw PickleGlobal.Refused($"setting the state of {Describe(Peek())}");
    }

    private void PushLong(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(bytes);
        Push(bytes.Length <= sizeof(long) ? (long)number : (object)number);
    }

    private void PushStackGlobal()
    {
        if (PopLast(2) is not [string module, string name]) throw Malformed("a global without module and name");
        Push(PickleGlobal.Of(module, name));
    }

    private void AddTo(object?[] items)
    {
        if (Peek() is not List<object?> list) throw Malformed("items of something that is not a list");
        list.AddRange(items);
    }

    private void SetIn(object?[] items)
    {
        if (Peek() is not Dictionary<object, object?> dictionary) throw Malformed("entries of something that is not a dictionary");
        if (items.Length % 2 != 0) throw Malformed("a dictionary key without its value");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (string or long)) throw Malformed($"a dictionary key that is {Describe(items[i])}");
            dictionary[items[i]!] = items[i + 1];
        }
    }

    private static long[] Numbers(object?[] values) =>
        [.. values.Select(value => value is long number ? number : throw Malformed("a size or stride that is not a whole number"))];

    // Python numbers what it stores one by one; a far index is meant to harm.
    private void Memorize(long index)
    {
        if (index > MaxInstructions) throw Malformed($"a stored value numbered {index}");
        memo[index] = Peek();
    }

    private object? Recall(long index) =>
        memo.TryGetValue(index, out var value) ? value : throw Malformed($"a reference to {index}, which was never stored");

    private void Push(object? value) => stack.Add(value);

    private object? Peek()
    {
        CheckDepth(1);
        return stack[^1];
    }

    private object? Pop() => PopLast(1)[0];

    private object?[] PopLast(int count)
    {
        CheckDepth(count);
        return PopFrom(stack.Count - count);
    }

    private object?[] PopToMark()
    {
        if (!marks.TryPop(out var mark)) throw Malformed("a missing mark");
        return PopFrom(mark);
    }

    private object?[] PopFrom(int start)
    {
        var items = stack.GetRange(start, stack.Count - start).ToArray();
        stack.RemoveRange(start, items.Length);
        return items;
    }

    // What lies below a mark is out of reach until the mark is taken.
    private void CheckDepth(int count)
    {
        if (stack.Count - (marks.TryPeek(out var mark) ? mark : 0) < count) throw Malformed("an empty stack");
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickleGlobal global => global.Name,
        TorchTensor => "a tensor",
        TorchStorage => "a storage",
        string => "a string",
        object?[] => "a tuple",
        List<object?> => "a list",
        Dictionary<object, object?> => "a dictionary",
        _ => string.Create(CultureInfo.InvariantCulture, $"the number {value}"),
    };

    private static ModelFormatException Malformed(string what) => new($"the pickle is malformed: it has {what}");
}
