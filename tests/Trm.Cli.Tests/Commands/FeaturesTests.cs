using System.Globalization;
using Trm.Cli.Tests.Support;
using Trm.Core.Features;
using Trm.Tests;

namespace Trm.Cli.Tests.Commands;

public sealed class FeaturesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Legacy_features_of_ingested_bars_equal_the_original_implementations_file_on_every_row()
    {
        var expected = Rows(SharedData.File("legacy-features-live30d-2010-2018.csv"));
        await TrmProcess.RunAsync(folder.Path, ["ingest", SharedData.File("bars-2010-2022.csv")]);

        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["features", "--set", "legacy-v1", "--csv", "legacy.csv"]);

        Assert.True(code == 0, errors);
        var actual = Rows(folder["legacy.csv"]);
        foreach (var (date, values) in expected)
        {
            foreach (var name in FeatureNames.All)
            {
                var (want, got) = (values[name], actual[date][name]);
                Assert.True(Math.Abs(got - want) <= 1e-9 * Math.Abs(want), $"{date} {name}: {got:R} instead of {want:R}");
            }
        }
        Assert.Equal(2239, expected.Count);
    }

    [Fact]
    public async Task Exported_rows_do_not_depend_on_where_the_export_starts()
    {
        await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], 150)]);

        var (_, whole, _) = await TrmProcess.RunAsync(folder.Path, ["features"]);
        var (_, part, _) = await TrmProcess.RunAsync(folder.Path, ["features", "--from", "2015-06-01"]);

        var rows = part.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("2015-06-01,", rows[1]);
        Assert.EndsWith(string.Join('\n', rows.Skip(1)), whole.TrimEnd('\n'));
    }

    [Fact]
    public async Task Outcomes_of_exported_rows_are_those_computed_by_hand_and_empty_where_the_horizon_is_not_over()
    {
        await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], 150)]);

        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["features", "--outcomes"]);

        Assert.True(code == 0, errors);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(',');
        var rows = lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(c => c.First, c => c.Second)).ToList();
        double Number(int row, string column) => double.Parse(rows[row][column], CultureInfo.InvariantCulture);
        for (var row = 0; row < rows.Count - 5; row++)
        {
            // Defensive is 40 % benchmark and 30 % bond; the mean of the eight 65 % and 23.125 %.
            double growth = 1, utility = 0;
            for (var day = row + 1; day <= row + 5; day++)
            {
                var benchmark = (Number(day, "benchmark_close") / Number(day - 1, "benchmark_close")) - 1;
                var bond = (Number(day, "bond_close") / Number(day - 1, "bond_close")) - 1;
                var (own, mean) = ((0.4 * benchmark) + (0.3 * bond), (0.65 * benchmark) + (0.23125 * bond));
                growth *= 1 + own;
                utility += own - (2.5 * own * own) - (120 * (own - mean) * (own - mean));
            }
            Assert.Equal(rows[row + 5]["date"], rows[row]["settled"]);
            Assert.Equal(growth - 1, Number(row, "return_defensive"), 1e-12);
            Assert.Equal(utility, Number(row, "utility_defensive"), 1e-12);
        }
        Assert.All(rows.TakeLast(5), row => Assert.All(header.SkipWhile(c => c != "settled"), column => Assert.Equal("", row[column])));
    }

    [Fact]
    public async Task Outcomes_know_nothing_after_the_last_date()
    {
        await TrmProcess.RunAsync(folder.Path, ["ingest", SyntheticBars.Write(folder["bars.csv"], 150)]);

        var (_, output, _) = await TrmProcess.RunAsync(folder.Path, ["features", "--outcomes", "--to", "2015-07-01"]);

        var last = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        Assert.Equal(["2015-07-01"], last.Select(cells => cells[13]).Where(settled => settled.StartsWith("2015-07-", StringComparison.Ordinal)));
        Assert.Equal(5, last.Count(cells => cells[13] == ""));
    }

    private static Dictionary<string, Dictionary<string, double>> Rows(string path)
    {
        var lines = File.ReadAllLines(path);
        var header = lines[0].Split(',');
        return lines.Skip(1).Select(line => line.Split(',')).ToDictionary(
            cells => cells[0],
            cells => header.Zip(cells).Skip(1).Where(c => FeatureNames.All.Contains(c.First)).ToDictionary(c => c.First, c => double.Parse(c.Second, CultureInfo.InvariantCulture)));
    }
}
