using System.Text;
using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Scenarios.Soak;

/// <summary>What no well-behaved client sends, by name.</summary>
internal static class Garbage
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> Frames { get; } =
    [
        ("no JSON", ClientFrames.Text("not json at all")),
        ("JSON that nests 2,000 deep", ClientFrames.Text(new string('[', 2_000))),
        ("unknown type", ClientFrames.Text("""{"type":"open_the_pod_bay_doors","id":1}""")),
        ("unknown market", ClientFrames.Text("""{"type":"subscribe","markets":["nowhere"]}""")),
        ("since of another type", ClientFrames.Text("""{"type":"subscribe","since":{"eq":{"epoch":7,"sequence":"x"}}}""")),
        ("invalid UTF-8", ClientFrames.Build(Opcode.Text, [0xC3, 0x28, 0xFF, 0xFE])),
        ("binary", ClientFrames.Build(Opcode.Binary, [0, 1, 2, 3, 255])),
        ("empty", ClientFrames.Text("")),
        ("5 KB", ClientFrames.Text(new string('x', 5_000))),
        ("10 MB announced, 64 KB sent", [0x81, 0xFF, 0, 0, 0, 0, 0, 0xA0, 0, 0, 1, 2, 3, 4, .. new byte[65_536]]),
        ("a fragment that nothing follows", ClientFrames.Build(Opcode.Text, "{\"type\":"u8, isFinal: false)),
        ("a continuation of nothing", ClientFrames.Build(Opcode.Continuation, "x"u8)),
        ("an opcode that is none", [0x83, 0x80, 0, 0, 0, 0]),
        ("a frame without a mask", [0x81, 0x04, .. "ping"u8]),
        ("reserved bits", [0xF1, 0x80, 0, 0, 0, 0]),
        ("a ping of 126 bytes", [0x89, 0xFE, 0, 126, 0, 0, 0, 0, .. new byte[126]]),
        ("a close of one byte", [0x88, 0x81, 0, 0, 0, 0, 3]),
        ("half a frame", [0x81, 0xFE, 1]),
        ("HTTP", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
    ];

    public static IReadOnlyList<(string Name, byte[] Bytes)> Handshakes { get; } =
    [
        ("half a request", Encoding.ASCII.GetBytes("GET /ws/half HTTP/1.1\r\nHost: 127.0.0.1\r\nUpg")),
        ("nothing", []),
        ("no HTTP", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 13, 10, 13, 10]),
        ("no key", Encoding.ASCII.GetBytes("GET /ws/x HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")),
        ("a path that climbs", Encoding.ASCII.GetBytes("GET /ws/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")),
    ];
}
