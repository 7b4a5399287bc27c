namespace Trm.Bench.FanOut.Reports;

/// <summary>What a scenario found.</summary>
internal interface IReport
{
    /// <summary>The scenario.</summary>
    string Scenario { get; }

    /// <summary>What it was to show.</summary>
    IReadOnlyList<Check> Checks { get; }

    /// <summary>Everything that was measured, for machines; names become snake_case.</summary>
    object Figures { get; }

    /// <summary>The figures for people, without the checks.</summary>
    void Write(TextWriter output);
}
