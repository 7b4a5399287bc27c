using System.CommandLine;
using System.Globalization;

namespace Trm.Bench.FanOut.Commands;

/// <summary>Options with their defaults and ranges; what is out of range is a <see cref="FormatException"/> that says so.</summary>
internal static class Options
{
    public static Option<int> Count(string name, string what, int byDefault) =>
        new(name) { Description = $"{what}; default {byDefault}", HelpName = "n", DefaultValueFactory = _ => byDefault };

    public static Option<double> Number(string name, string what, double byDefault, string unit = "n") =>
        new(name) { Description = FormattableString.Invariant($"{what}; default {byDefault}"), HelpName = unit, DefaultValueFactory = _ => byDefault };

    public static Option<string> Text(string name, string what, string byDefault, string unit) =>
        new(name) { Description = $"{what}; default {byDefault}", HelpName = unit, DefaultValueFactory = _ => byDefault };

    public static int Read(this ParseResult line, Option<int> option, int least, int most)
    {
        var value = line.GetValue(option);
        return value >= least && value <= most
            ? value
            : throw new FormatException(FormattableString.Invariant($"{option.Name} {value} is not between {least} and {most}"));
    }

    public static double Read(this ParseResult line, Option<double> option, double most)
    {
        var value = line.GetValue(option);
        return value > 0 && value <= most
            ? value
            : throw new FormatException(FormattableString.Invariant($"{option.Name} {value} is not above 0 and at most {most}"));
    }

    public static TimeSpan ReadSeconds(this ParseResult line, Option<double> option) => TimeSpan.FromSeconds(line.Read(option, 86_400));

    public static IReadOnlyList<int> ReadList(this ParseResult line, Option<string> option, int least, int most) => [.. line.GetValue(option)!.Split(',').Select(word =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(FormattableString.Invariant($"{option.Name} {line.GetValue(option)} is not numbers between {least} and {most}, separated by commas")))];
}
