using System.Globalization;
using Microsoft.Extensions.Configuration;
using Trm.Core.Snapshots;
using Trm.GrainInterfaces.Clients;
using Trm.Hosting;
using Trm.Inference;
using Trm.Inference.Batching;
using Trm.Inference.Engine;
using Trm.Inference.Lifecycle;
using Trm.MarketData.Sources;

namespace Trm.Silo.Settings;

/// <summary>
/// What a silo goes by: section <c>Trm</c> of the configuration, with the keys that <c>trm serve</c> has, and below
/// <c>Trm:Cluster</c> those of the cluster. Every silo of a cluster has the same markets.
/// </summary>
internal sealed class SiloSettings
{
    /// <summary>Market ids, separated by commas; * is every one of <see cref="Markets"/>.</summary>
    public string Market { get; init; } = "us-equities";

    /// <summary>Folder of market definitions; the shipped ones when null.</summary>
    public string? Markets { get; init; }

    /// <summary>Folder of bars and log, when there is no PostgreSQL.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>live, replay or simulated; null is live when the store has bars, else simulated.</summary>
    public string? Source { get; init; }

    /// <summary>First session of a replay.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last session of a replay.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Seed of simulated markets; each has its own path.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Seconds between predictions of a market; 0 replays or simulates as fast as predictions are made.</summary>
    public double Interval { get; init; } = 60;

    /// <summary>Model package or checkpoint (.pt, .safetensors, .onnx); the shipped package when null.</summary>
    public string? Model { get; init; }

    /// <summary>Normalisation file of a bare checkpoint.</summary>
    public string? Normalization { get; init; }

    /// <summary>auto, fp32 or int16: how the managed engine multiplies.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>Threads that share each prediction.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How predictions of many callers share the engines.</summary>
    public BatchingOptions Batching { get; init; } = new();

    /// <summary>Whether a reloaded package must agree with its golden cases before it is used.</summary>
    public bool VerifyOnReload { get; init; } = true;

    /// <summary>auto: a GPU when there is one, beside the processor; cpu: the processor only.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>The cluster as its members and clients see it.</summary>
    public TrmClusterOptions Cluster { get; init; } = new();

    /// <summary>This silo.</summary>
    public SiloOptions Silo { get; init; } = new();

    /// <summary>The market ids.</summary>
    public IReadOnlyList<string> MarketIds => Market.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public SourceChoice SourceChoice => new() { Source = Source, From = From, To = To, Seed = Seed };

    public string ModelPath => Model ?? Path.Combine(AppContext.BaseDirectory, "model", "us-equities");

    public string MarketsFolder => Markets ?? Path.Combine(AppContext.BaseDirectory, "markets");

    public PredictorSettings Predictor => new()
    {
        ModelPath = ModelPath,
        Load = new ModelLoadOptions { NormalizationPath = Normalization },
        Precision = Enum.Parse<Precision>(Precision, ignoreCase: true),
        Threads = Threads,
        Batching = Batching,
        VerifyOnReload = VerifyOnReload,
    };

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="UsageException">A value is outside its range; the message names the key.</exception>
    public static SiloSettings Read(IConfiguration configuration)
    {
        var settings = configuration.GetSection("Trm").Get<SiloSettings>() ?? new SiloSettings();
        // The keys of a silo lie beside those of the cluster.
        configuration.GetSection(TrmClusterOptions.Section).Bind(settings.Silo);
        return settings.Fault() is { } fault ? throw new UsageException(fault) : settings;
    }

    private string? Fault()
    {
        if (MarketIds.Count == 0) return "Trm:Market is empty; name a market, like us-equities, or * for all";
        if (Source is not null && !SnapshotOrigins.TryParse(Source, out _)) return $"Trm:Source is '{Source}'; use live, replay or simulated";
        if (Interval is not (0 or >= 0.1 and <= 86_400))
            return string.Create(CultureInfo.InvariantCulture, $"Trm:Interval is {Interval}; it must be from 0.1 to 86400 seconds, or 0 for as fast as predictions are made");
        if (Interval == 0 && Source is not ("replay" or "simulated")) return "Trm:Interval is 0, as fast as predictions are made; that is for Trm:Source replay or simulated";
        if (From > To) return $"Trm:From {From:yyyy-MM-dd} is after Trm:To {To:yyyy-MM-dd}";
        if (Precision is not ("auto" or "fp32" or "int16")) return $"Trm:Precision is '{Precision}'; use auto, fp32 or int16";
        if (Device is not ("auto" or "cpu")) return $"Trm:Device is '{Device}'; use auto or cpu";
        if (Threads is < 1 or > 16) return $"Trm:Threads is {Threads}; it must be from 1 to 16";
        return Batching.Fault() ?? Cluster.Fault() ?? Silo.Fault();
    }
}
