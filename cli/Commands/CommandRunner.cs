using System.CommandLine;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary>What every verb does alike: read the settings, run, and turn what went wrong into one line and a code.</summary>
internal static class CommandRunner
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Misuse = 2;

    /// <summary>A verb with its options and what it does.</summary>
    public static Command Create(
        string name, string description, IEnumerable<SettingOption> settings, IEnumerable<Symbol> others, Func<CommandContext, Task<int>> run)
    {
        var command = new Command(name, description);
        foreach (var setting in settings) command.Options.Add(setting.Option);
        foreach (var other in others)
        {
            switch (other)
            {
                case Option option: command.Options.Add(option); break;
                case Argument argument: command.Arguments.Add(argument); break;
                default: throw new ArgumentException($"{other.Name} is neither an option nor an argument", nameof(others));
            }
        }
        command.SetAction((line, cancellation) => RunAsync(line, run, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, Func<CommandContext, Task<int>> run, CancellationToken cancellation)
    {
        try
        {
            var configuration = SettingOptions.Configure(line);
            return await run(new CommandContext(line, configuration, TrmSettings.Read(configuration), cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Verbs that run until Ctrl-C end well by themselves; what is cut off here was not done.
            return Tell("interrupted", Failed);
        }
        catch (Exception error) when (error is UsageException or OptionsValidationException or InvalidDataException)
        {
            return Tell(error.Message, Misuse);
        }
        catch (InvalidOperationException error) when (error.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal))
        {
            return Tell(error.Message, Misuse);
        }
        catch (Exception error) when (error is TrmException or IOException or UnauthorizedAccessException or SocketException or HttpRequestException or WebSocketException)
        {
            return Tell(error.Message, Failed);
        }
    }

    private static int Tell(string message, int code)
    {
        Console.Error.WriteLine($"trm: {message.ReplaceLineEndings(" ")}");
        return code;
    }
}
