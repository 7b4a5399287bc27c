using System.CommandLine;
using Microsoft.Extensions.Configuration;

namespace Trm.Cli.Settings;

/// <summary>Every option that is a setting, once; a command takes those it needs.</summary>
internal static class SettingOptions
{
    public static SettingOption Data { get; } = new("--data", "Data", "Folder of the embedded store or the cluster (or TRM_DATA), for reading and ingest also a PostgreSQL connection; default ./data", "dir");
    public static SettingOption Market { get; } = new("--market", "Market", "Market id; default us-equities. serve and cluster take several, separated by commas, or * for all there are", "id");
    public static SettingOption Markets { get; } = new("--markets", "Markets", "Folder of market definitions (*.json); default the shipped ones", "dir");
    public static SettingOption Model { get; } = new("--model", "Model", "Model package or checkpoint (.pt, .safetensors, .onnx); default the shipped model", "path");
    public static SettingOption Normalization { get; } = new("--normalization", "Normalization", "Normalisation JSON of a bare checkpoint", "file");
    public static SettingOption RecursionCycles { get; } = new("--recursion-cycles", "RecursionCycles", "Cycles T of a bare checkpoint; default 3", "n");
    public static SettingOption LatentSteps { get; } = new("--latent-steps", "LatentSteps", "Latent steps n of a bare checkpoint; default 6", "n");
    public static SettingOption Set { get; } = new("--set", "Set", "Feature set, causal-v2 or legacy-v1; of a bare checkpoint default legacy-v1", "set");
    public static SettingOption Precision { get; } = new("--precision", "Precision", "How the model multiplies: fp32, int16 (faster, within 1e-4), or auto, which takes int16 where it agrees; default auto", "precision");
    public static SettingOption Threads { get; } = new("--threads", "Threads", "Threads that share each prediction: shorter on idle cores, at worst longer on busy ones; default 1", "n");
    public static SettingOption Source { get; } = new("--source", "Source", "live, replay or simulated; default live when the store has bars, else simulated", "source");
    public static SettingOption From { get; } = new("--from", "From", "First session, yyyy-mm-dd", "date");
    public static SettingOption To { get; } = new("--to", "To", "Last session, yyyy-mm-dd", "date");
    public static SettingOption Interval { get; } = new("--interval", "Interval", "Seconds between predictions, 0.1 to 86400; 0 replays as fast as it goes", "seconds");
    public static SettingOption Seed { get; } = new("--seed", "Seed", "Seed of the simulated market; default 1", "n");
    public static SettingOption Urls { get; } = new("--urls", "Urls", "What to listen on; default http://localhost:8000", "urls");

    public static SettingOption ClusterConnection { get; } = new("--connection", "Cluster:Connection", "PostgreSQL connection string, like Host=db;Username=trm;Password=…;Database=trm", "string");
    public static SettingOption ClusterStreams { get; } = new("--streams", "Cluster:Streams", "What carries snapshots and predictions between silos: memory or adonet; default memory", "provider");

    public static Option<bool> Restart { get; } = new("--restart") { Description = "Replay from the start although the log holds a part of it already" };
    public static Option<bool> AllowAnonymous { get; } = new("--allow-anonymous") { Description = "Serve other machines although there is no key yet" };
    public static Option<bool> OfCluster { get; } = new("--cluster") { Description = "Work on the database of the cluster in --data instead of the embedded store" };
    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON, for machines" };

    /// <summary>Which model, and what a checkpoint does not say of itself.</summary>
    public static IReadOnlyList<SettingOption> OfModel { get; } = [Model, Normalization, Set, RecursionCycles, LatentSteps];

    private static readonly SettingOption[] All = [Data, Market, Markets, .. OfModel, Precision, Threads, Source, From, To, Interval, Seed, Urls, ClusterConnection, ClusterStreams];

    /// <summary>The run's configuration with what the command line says on top.</summary>
    public static IConfigurationRoot Configure(ParseResult line)
    {
        var said = All.Select(o => o.Read(line)).OfType<KeyValuePair<string, string?>>().ToList();
        if (line.GetValue(Restart)) said.Add(new("Trm:Restart", "true"));
        if (line.GetValue(AllowAnonymous)) said.Add(new("Trm:AllowAnonymous", "true"));
        return TrmSettings.Configure(said);
    }
}
