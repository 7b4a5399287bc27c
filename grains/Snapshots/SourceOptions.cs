namespace Trm.Grains.Snapshots;

/// <summary>How a market's source deals with predictions that do not come; configuration section <c>Trm:Cluster:Source</c>.</summary>
public sealed class SourceOptions
{
    /// <summary>The configuration section that is bound.</summary>
    public const string Section = "Trm:Cluster:Source";

    /// <summary>
    /// Snapshots that wait for their predictions. With that many, ticks read nothing and say so (<c>predictions_behind</c>), until
    /// the strategy has caught up. 1 to 10,000.
    /// </summary>
    public int PendingLimit { get; set; } = 64;

    /// <summary>A snapshot whose prediction takes longer is offered again. 0.1 s to 5 min.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);
}
