using System.Globalization;
using Trm.Core.Predictions;
using Trm.Tests;

namespace Trm.Core.Tests.Predictions;

/// <summary>The eight strategies stand in other languages too, for programs that have no C#: held against the one table.</summary>
public class StrategyTablesTests
{
    [Fact]
    public void The_dashboards_client_has_the_same_eight()
    {
        var table = Read("dashboard/client/src/strategies.ts");

        Assert.Equal(Strategy.Count, table.Split("  strategy(").Length - 1);
        Assert.All(Strategy.All, s => Assert.Contains($"strategy({s.Id}, '{s.Name}', {s.Benchmark}, {s.Bond}, {s.Cash}),", table, StringComparison.Ordinal));
    }

    [Fact]
    public void Training_has_the_same_eight()
    {
        var table = Read("training/strategies.py");
        var weights = Strategy.All.Select(s => string.Create(CultureInfo.InvariantCulture, $"[{s.Benchmark / 100.0:0.00}, {s.Bond / 100.0:0.00}]"));

        Assert.Contains(string.Join(",", Strategy.All.Select(s => $"\"{s.Name}\"")), Compact(table), StringComparison.Ordinal);
        Assert.Contains(string.Join(",", weights.Select(Compact)), Compact(table), StringComparison.Ordinal);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, file));

    private static string Compact(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
