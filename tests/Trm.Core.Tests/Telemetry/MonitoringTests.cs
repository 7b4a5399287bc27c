using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using Trm.Core.Telemetry;
using Trm.Tests;

namespace Trm.Core.Tests.Telemetry;

/// <summary>Rules, alerts, dashboards and the operators' document against what the program emits.</summary>
public sealed partial class MonitoringTests
{
    private static readonly string Deploy = Path.Combine(SharedData.RepositoryRoot, "deploy");

    private static readonly IReadOnlyDictionary<string, Instrument> Emitted = Instruments();

    public static TheoryData<string> Files =>
    [
        "prometheus/rules.yml", "prometheus/alerts.yml", "prometheus/rules.test.yml",
        .. Directory.GetFiles(Path.Combine(Deploy, "grafana", "dashboards"), "*.json").Select(path => $"grafana/dashboards/{Path.GetFileName(path)}"),
    ];

    [Theory, MemberData(nameof(Files))]
    public void Every_metric_named_is_one_that_the_program_emits(string file)
    {
        var names = MetricName().Matches(Read(file)).Select(match => match.Value).ToHashSet();

        Assert.NotEmpty(names);
        var exported = Emitted.SelectMany(metric => ExportedNames(metric.Value)).ToHashSet();
        Assert.Empty(names.Except(exported));
    }

    [Theory, MemberData(nameof(Files))]
    public void Every_recorded_series_that_is_used_is_recorded(string file)
    {
        var recorded = RecordedRule().Matches(Read("prometheus/rules.yml")).Select(match => match.Groups[1].Value).ToHashSet();

        Assert.NotEmpty(recorded);
        Assert.Empty(RecordedName().Matches(Read(file)).Select(match => match.Value).Except(recorded));
    }

    [Fact]
    public void Every_alert_has_its_entry_in_the_runbook_and_its_fault_in_the_tests()
    {
        var runbook = Runbook();
        var tests = Read("prometheus/rules.test.yml");
        var rules = Alert().Matches(Read("prometheus/alerts.yml")).Select(match => match.Groups[1].Value).ToList();

        Assert.True(rules.Count >= 10);
        Assert.All(rules, alert =>
        {
            Assert.Contains($"### {alert}\n", runbook, StringComparison.Ordinal);
            Assert.Contains($"runbook: docs/operations.md#{alert.ToLowerInvariant()}", Read("prometheus/alerts.yml"), StringComparison.Ordinal);
            Assert.Contains($"alertname: {alert}", tests, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Every_metric_of_ours_is_described_for_operators_with_its_unit() =>
        Assert.All(Emitted.Values.Where(metric => metric.Meter.Name == TrmTelemetry.Name), metric =>
        {
            var row = Runbook().Split('\n').SingleOrDefault(line => line.StartsWith($"| `{metric.Name}`", StringComparison.Ordinal));
            Assert.True(row is not null, $"docs/operations.md says nothing of {metric.Name}");
            Assert.Equal(metric.Unit, row.Split('|')[2].Trim());
        });

    [Theory]
    [InlineData("service")]
    [InlineData("inference")]
    [InlineData("gateway")]
    [InlineData("cluster")]
    public void A_dashboard_is_one_that_Grafana_reads(string name)
    {
        using var dashboard = JsonDocument.Parse(Read($"grafana/dashboards/{name}.json"));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();

        Assert.Equal($"trm-{name}", dashboard.RootElement.GetProperty("uid").GetString());
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, panel => Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.NotEqual("", target.GetProperty("expr").GetString())));
    }

    // As OpenTelemetry's Prometheus exporters write names: dots are underscores, the unit follows, a counter ends in _total.
    private static IEnumerable<string> ExportedNames(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", "1" => "_ratio", _ => "" };
        if (type.StartsWith("Histogram", StringComparison.Ordinal)) return [$"{name}_bucket", $"{name}_sum", $"{name}_count"];
        return [type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal) ? $"{name}_total" : name];
    }

    private static Dictionary<string, Instrument> Instruments()
    {
        var instruments = new Dictionary<string, Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name is TrmTelemetry.Name or "System.Runtime") instruments[instrument.Name] = instrument;
            },
        };
        listener.Start();
        RuntimeHelpers.RunClassConstructor(typeof(TrmTelemetry).TypeHandle);
        _ = new StalenessMeter(TimeProvider.System);
        TrmTelemetry.ObserveDrift(() => []);
        return instruments;
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Deploy, file));

    private static string Runbook() => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "operations.md"));

    [GeneratedRegex(@"\b(?:trm|dotnet)_[a-z0-9_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\btrm:[a-z0-9_:]+")]
    private static partial Regex RecordedName();

    [GeneratedRegex(@"record: (\S+)")]
    private static partial Regex RecordedRule();

    [GeneratedRegex(@"alert: (\S+)")]
    private static partial Regex Alert();
}
