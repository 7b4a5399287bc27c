using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using Trm.Cli.Benchmarks.Inference.Peers;
using Trm.Cli.Commands;
using Trm.Core;

namespace Trm.Cli.Benchmarks.FanOut;

/// <summary>
/// <c>trm bench fanout</c>: starts the load generator, which is a program of its own so that nothing of this one is measured.
/// </summary>
internal static class FanOutBench
{
    private const string Program = "Trm.Bench.FanOut";
    private const string DefaultVerb = "throughput";

    // The load generator reads them, and explains itself.
    private static readonly Argument<string[]> Arguments = new("arguments")
    {
        Description = $"throughput, idle, stalled, reconnect, soak or all, and their options; 'trm bench fanout throughput -- --help' explains one. Default {DefaultVerb}",
        HelpName = "verb and options",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create() => CommandRunner.Create(
        "fanout",
        "What the gateway gives to thousands of clients, beside Node ws, SignalR, FastAPI and a raw loop in C (Linux, in the checkout).",
        [],
        [Arguments],
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var given = context.Line.GetValue(Arguments) ?? [];
        using var bench = Start(Find(), given.Length == 0 ? [DefaultVerb] : given);
        try
        {
            await bench.WaitForExitAsync(context.Cancellation).ConfigureAwait(false);
            return bench.ExitCode;
        }
        finally
        {
            // Interrupted: it has had the terminal's Ctrl-C as well, and ends its servers.
            if (!bench.HasExited) await bench.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string Find()
    {
        var checkout = PeerLocations.CheckoutAround(AppContext.BaseDirectory)
            ?? throw new TrmException("no_checkout", $"{Program} is in the project's checkout, and this program is not");
        var program = Path.Combine(checkout, "artifacts", "bin", Program, "release", Program);
        return File.Exists(program) ? program : throw new TrmException("not_built", $"{program} is not there; build it with 'dotnet build bench/fanout/load -c Release'");
    }

    private static Process Start(string program, string[] arguments)
    {
        try
        {
            return Process.Start(program, arguments);
        }
        catch (Win32Exception error)
        {
            throw new TrmException("not_started", $"{program} cannot be started: {error.Message}", error);
        }
    }
}
