namespace Trm.Storage.Sqlite;

/// <summary>What one database file is: its name, its schema and how careful its commits are.</summary>
/// <param name="FileName">Within the data folder.</param>
/// <param name="Migrations">Folder of its embedded <c>NNN-name.sql</c> steps.</param>
/// <param name="Synchronous">
/// SQLite's <c>synchronous</c>: FULL makes each commit survive a loss of power; NORMAL may lose the last ones then,
/// but survives the death of the process.
/// </param>
/// <param name="IfDamaged">What the user can do about a file that is not readable.</param>
internal sealed record DatabaseKind(string FileName, string Migrations, string Synchronous, string IfDamaged)
{
    /// <summary>Bars can be ingested again, so speed wins.</summary>
    public static DatabaseKind Bars { get; } = new(
        "bars.db", "Bars/Migrations/", "NORMAL", "move it away and ingest the bars again");

    /// <summary>Predictions exist nowhere else, so durability wins; a file of its own, so that an ingest never holds up the log.</summary>
    public static DatabaseKind Predictions { get; } = new(
        "predictions.db", "Predictions/Migrations/", "FULL", "restore it from a backup, or move it away to start a new log");

    /// <summary>Outcomes are made anew from bars and log; in a file of their own, recording them holds up neither.</summary>
    public static DatabaseKind Outcomes { get; } = new(
        "outcomes.db", "Outcomes/Migrations/", "NORMAL", "move it away: outcomes are recorded anew");
}
