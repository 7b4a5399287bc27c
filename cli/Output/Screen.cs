using Spectre.Console;

namespace Trm.Cli.Output;

/// <summary>Where tables and coloured words go.</summary>
internal static class Screen
{
    private const int FileWidth = 200;

    /// <summary>The terminal, which wraps as it is wide; into a file or a pipe a row stays one line, without colours.</summary>
    public static IAnsiConsole Out { get; } = Console.IsOutputRedirected ? Plain(Console.Out, FileWidth) : AnsiConsole.Console;

    /// <summary>Text alone.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="width">Columns of a line.</param>
    public static IAnsiConsole Plain(TextWriter writer, int width)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        return console;
    }
}
