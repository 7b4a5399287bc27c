using System.Globalization;

namespace Trm.Samples.TradingService;

/// <summary>What the command line says; all the rest is configuration.</summary>
/// <param name="Markets">Those to follow; none is every market of the cluster.</param>
/// <param name="Confidence">From which on it acts, 0 to 1.</param>
/// <param name="Duration">When it ends; null is at Ctrl-C.</param>
/// <param name="Pace">Between two questions.</param>
/// <param name="ClusterFile">A local cluster's <c>cluster.json</c>, instead of configuration.</param>
internal sealed record Arguments(IReadOnlyList<string> Markets, double Confidence, TimeSpan? Duration, TimeSpan Pace, string? ClusterFile)
{
    private const string Usage = "[market …] [--confidence 0.25] [--duration SECONDS] [--pace SECONDS] [--cluster FILE]";

    /// <exception cref="FormatException">An argument is not understood.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var parsed = new Arguments([], 0.25, null, TimeSpan.FromSeconds(0.1), null);
        for (var i = 0; i < args.Count; i++)
        {
            parsed = args[i] switch
            {
                "--confidence" => parsed with { Confidence = Number(args, ++i, 0, 1) },
                "--duration" => parsed with { Duration = TimeSpan.FromSeconds(Number(args, ++i, 1, 86_400)) },
                "--pace" => parsed with { Pace = TimeSpan.FromSeconds(Number(args, ++i, 0.001, 3_600)) },
                "--cluster" => parsed with { ClusterFile = i + 1 < args.Count ? args[++i] : throw new FormatException($"--cluster needs a file; {Usage}") },
                ['-', ..] => throw new FormatException($"{args[i]} is not known; {Usage}"),
                var market => parsed with { Markets = [.. parsed.Markets, market] },
            };
        }
        return parsed;
    }

    private static double Number(IReadOnlyList<string> args, int at, double least, double most) =>
        at < args.Count && double.TryParse(args[at], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{args[at - 1]} needs a number from {least} to {most}; {Usage}"));
}
