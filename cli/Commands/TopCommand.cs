using System.CommandLine;
using Spectre.Console;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Cli.Top;
using Trm.Core;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary><c>trm top</c>: a running service, live in a terminal.</summary>
internal static class TopCommand
{
    private const string KeyVariable = "TRM_KEY";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeyLook = TimeSpan.FromMilliseconds(50);

    private static readonly Option<string> Url = new("--url") { Description = "The service; default http://localhost:8000", HelpName = "url", DefaultValueFactory = _ => "http://localhost:8000" };
    private static readonly Option<string?> Key = new("--key") { Description = $"Key of scope read, where one is needed; {KeyVariable} in the environment keeps it out of the list of processes", HelpName = "key" };
    private static readonly Option<double> Interval = new("--interval") { Description = "Seconds between two looks; default 1", HelpName = "seconds", DefaultValueFactory = _ => 1 };
    private static readonly Option<bool> Once = new("--once") { Description = "Look twice, an interval apart, print that and end; so it is without a terminal too" };

    public static Command Create() => CommandRunner.Create(
        "top", "Watch a running service: markets, rates, latencies, connections. q ends it.", [], [Url, Key, Interval, Once, SettingOptions.Json], RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        if (!Uri.TryCreate(context.Line.GetValue(Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new UsageException($"--url {context.Line.GetValue(Url)} is not an http address, like http://localhost:8000");
        var seconds = context.Line.GetValue(Interval);
        if (seconds is not (>= 0.1 and <= 3_600)) throw new UsageException($"--interval {seconds} is not between 0.1 and 3600 seconds");

        using var http = new HttpClient { BaseAddress = url, Timeout = Patience };
        var client = new ServiceClient(http, context.Line.GetValue(Key) ?? Environment.GetEnvironmentVariable(KeyVariable));
        var state = new TopState(url, CommandContext.Time);
        var interval = TimeSpan.FromSeconds(seconds);
        if (context.Line.GetValue(Once) || (Console.IsOutputRedirected && !context.Json))
            return await OnceAsync(context, client, state, interval).ConfigureAwait(false);
        try
        {
            if (context.Json) await PrintAsync(client, state, interval, context.Cancellation).ConfigureAwait(false);
            else await ShowAsync(client, state, interval, context.Cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
        return CommandRunner.Done;
    }

    private static async Task<int> OnceAsync(CommandContext context, ServiceClient client, TopState state, TimeSpan interval)
    {
        await state.LookAsync(client, context.Cancellation).ConfigureAwait(false);
        if (state.Fault is null)
        {
            await Task.Delay(interval, CommandContext.Time, context.Cancellation).ConfigureAwait(false);
            await state.LookAsync(client, context.Cancellation).ConfigureAwait(false);
        }
        if (state.Fault is { } fault) throw new TrmException("no_service", fault);
        if (context.Json) JsonOutput.Write(json => TopJson.Write(json, state));
        else Screen.Out.Write(TopView.Render(state));
        return CommandRunner.Done;
    }

    private static async Task PrintAsync(ServiceClient client, TopState state, TimeSpan interval, CancellationToken cancellation)
    {
        while (true)
        {
            await state.LookAsync(client, cancellation).ConfigureAwait(false);
            JsonOutput.Write(json => TopJson.Write(json, state));
            await Task.Delay(interval, CommandContext.Time, cancellation).ConfigureAwait(false);
        }
    }

    private static Task ShowAsync(ServiceClient client, TopState state, TimeSpan interval, CancellationToken cancellation) =>
        Screen.Out.Live(new Text($"asking {state.Url}")).AutoClear(false).StartAsync(async screen =>
        {
            do
            {
                await state.LookAsync(client, cancellation).ConfigureAwait(false);
                screen.UpdateTarget(TopView.Render(state));
            }
            while (!await IsLeftWithinAsync(interval, cancellation).ConfigureAwait(false));
        });

    private static async Task<bool> IsLeftWithinAsync(TimeSpan interval, CancellationToken cancellation)
    {
        var began = CommandContext.Time.GetTimestamp();
        while (CommandContext.Time.GetElapsedTime(began) is var waited && waited < interval)
        {
            while (!Console.IsInputRedirected && Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).Key == ConsoleKey.Q) return true;
            }
            var rest = interval - waited;
            await Task.Delay(rest < KeyLook ? rest : KeyLook, CommandContext.Time, cancellation).ConfigureAwait(false);
        }
        return false;
    }
}
