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

    private static Dictionary<string, Dictionary<string, double>> Rows(string path)
    {
        var lines = File.ReadAllLines(path);
        var header = lines[0].Split(',');
        return lines.Skip(1).Select(line => line.Split(',')).ToDictionary(
            cells => cells[0],
            cells => header.Zip(cells).Skip(1).Where(c => FeatureNames.All.Contains(c.First)).ToDictionary(c => c.First, c => double.Parse(c.Second, CultureInfo.InvariantCulture)));
    }
}
