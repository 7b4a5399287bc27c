using System.Globalization;
using Microsoft.Extensions.Configuration;
using Trm.Core.Features;
using Trm.Core.Local;
using Trm.Core.Snapshots;
using Trm.Hosting;
using Trm.Inference.Batching;
using Trm.Inference.Engine;

namespace Trm.Cli.Settings;

/// <summary>
/// What a run of <c>trm</c> goes by: section <c>Trm</c> of the configuration. Later ones win:
/// <c>appsettings.json</c>, <c>TRM__…</c> in the environment (and <c>TRM_DATA</c>), the command line.
/// </summary>
internal sealed class TrmSettings
{
    private const int MaxThreads = 16;
    private const double DefaultServeSeconds = 60;

    /// <summary>Folder of the embedded store.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Market ids, separated by commas.</summary>
    public string Market { get; init; } = "us-equities";

    /// <summary>Folder of market definitions; the shipped ones when null.</summary>
    public string? Markets { get; init; }

    /// <summary>Model package or checkpoint (.pt, .safetensors, .onnx); the shipped package when null.</summary>
    public string? Model { get; init; }

    /// <summary>Normalisation file of a bare checkpoint.</summary>
    public string? Normalization { get; init; }

    /// <summary>Cycles T of a bare checkpoint, which does not say.</summary>
    public int? RecursionCycles { get; init; }

    /// <summary>Latent steps n of a bare checkpoint, which does not say.</summary>
    public int? LatentSteps { get; init; }

    /// <summary>auto, fp32 or int16: how the managed engine multiplies.</summary>
    public string Precision { get; init; } = "auto";

    /// <summary>
    /// Threads that share each prediction. One by default: on a machine whose cores do other work too, one that was asked to
    /// help and is not let run makes the slowest predictions slower than they are alone.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>How predictions of many callers share the engines.</summary>
    public BatchingOptions Batching { get; init; } = new();

    /// <summary>Whether a reloaded package must agree with its golden cases before it is used.</summary>
    public bool VerifyOnReload { get; init; } = true;

    /// <summary>Feature set; the model's when null.</summary>
    public string? Set { get; init; }

    /// <summary>live, replay or simulated; null is live when the store has bars, else simulated.</summary>
    public string? Source { get; init; }

    /// <summary>First session.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last session.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Seconds between predictions; 0 replays as fast as it goes.</summary>
    public double? Interval { get; init; }

    /// <summary>Replay from the start although the log holds a part of it already.</summary>
    public bool Restart { get; init; }

    /// <summary>Seed of the simulated market.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>What <c>serve</c> listens on.</summary>
    public string Urls { get; init; } = "http://localhost:8000";

    /// <summary>Serve other machines without access control.</summary>
    public bool AllowAnonymous { get; init; }

    /// <summary>The configuration of a run: files and environment, then what the command line says.</summary>
    public static IConfigurationRoot Configure(IEnumerable<KeyValuePair<string, string?>> commandLine) => ServiceConfiguration.Build(commandLine);

    /// <summary>Reads and checks section <c>Trm</c>.</summary>
    /// <exception cref="UsageException">A value is outside its range.</exception>
    public static TrmSettings Read(IConfiguration configuration)
    {
        // A value of another kind is the binder's InvalidOperationException, here as in the gateway's options; CommandRunner tells it.
        var settings = configuration.GetSection("Trm").Get<TrmSettings>() ?? new TrmSettings();
        CheckDate(configuration, nameof(From));
        CheckDate(configuration, nameof(To));
        settings.Check();
        return settings;
    }

    /// <summary>The interval of a service; zero is as fast as it goes.</summary>
    public TimeSpan ServeInterval => IntervalOr(DefaultServeSeconds);

    /// <summary>The interval, or its default.</summary>
    public TimeSpan IntervalOr(double seconds) => TimeSpan.FromSeconds(Interval ?? seconds);

    /// <summary>Checks how long a verb shall run.</summary>
    /// <exception cref="UsageException">Not above 0 or over 30 days.</exception>
    public static TimeSpan Duration(double seconds) => seconds is > 0 and <= 30 * 86_400
        ? TimeSpan.FromSeconds(seconds)
        : throw new UsageException($"--duration {seconds} is not above 0 and at most {30 * 86_400} seconds");

    /// <summary><see cref="Precision"/> as the engine takes it.</summary>
    public Precision EnginePrecision => Precision switch
    {
        "auto" => Trm.Inference.Engine.Precision.Auto,
        "fp32" => Trm.Inference.Engine.Precision.Fp32,
        "int16" => Trm.Inference.Engine.Precision.Int16,
        _ => throw new UsageException($"--precision {Precision} is not known; use auto, fp32 or int16"),
    };

    /// <summary>The market ids.</summary>
    public IReadOnlyList<string> MarketIds => Market.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private void Check()
    {
        if (MarketIds.Count == 0) throw new UsageException("--market is empty; name a market, like us-equities");
        if (MarketIds.Distinct().Count() < MarketIds.Count) throw new UsageException($"--market {Market} names a market twice");
        if (Source is not null && !SnapshotOrigins.TryParse(Source, out _))
            throw new UsageException($"--source {Source} is not known; use live, replay or simulated");
        if (Set is not null && !FeatureSets.All.Contains(Set))
            throw new UsageException($"feature set {Set} is not known; use one of {string.Join(", ", FeatureSets.All)}");
        _ = EnginePrecision;
        if (Threads is < 1 or > MaxThreads) throw new UsageException($"--threads {Threads} is not between 1 and {MaxThreads}");
        if (Batching.Fault() is { } fault) throw new UsageException(fault);
        if (From > To) throw new UsageException($"--from {From:yyyy-MM-dd} is after --to {To:yyyy-MM-dd}");
        CheckInterval();
    }

    // The binder takes 3/4/2015 too, and half of its readers mean the other month.
    private static void CheckDate(IConfiguration configuration, string key)
    {
        if (configuration[$"Trm:{key}"] is { } text && !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            throw new UsageException($"--{key.ToLowerInvariant()} {text} is not a date like 2020-01-31");
    }

    private void CheckInterval()
    {
        if (Interval is not { } seconds) return;
        if (seconds == 0 && Source == "replay") return;
        if (!(seconds >= LocalMarket.ShortestInterval.TotalSeconds && seconds <= 86_400))
            throw new UsageException($"--interval {seconds} is not between 0.1 and 86400 seconds (0, as fast as it goes, is for --source replay)");
    }
}
