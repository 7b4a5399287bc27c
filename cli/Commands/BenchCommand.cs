using System.CommandLine;
using Trm.Cli.Benchmarks.Batching;
using Trm.Cli.Benchmarks.FanOut;
using Trm.Cli.Benchmarks.Inference;
using Trm.Cli.Benchmarks.Log;
using Trm.Cli.Benchmarks.Sockets;

namespace Trm.Cli.Commands;

/// <summary><c>trm bench …</c>: measurements whose figures the documents quote.</summary>
internal static class BenchCommand
{
    public static Command Create() => new("bench", "Measure.")
    {
        BatchingBench.Create(),
        FanOutBench.Create(),
        InferenceBench.Create(),
        LogBench.Create(),
        SocketsBench.Create(),
    };
}
