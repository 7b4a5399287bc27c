namespace Trm.Bench.Chaos.Faults;

/// <summary>Faults as the command line names them.</summary>
internal static class FaultList
{
    /// <exception cref="FormatException">A name is not known.</exception>
    public static IReadOnlyList<FaultKind> Parse(string names) => names == "none" ? [] :
    [
        .. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name =>
            Enum.TryParse<FaultKind>(name, ignoreCase: true, out var kind) && !char.IsDigit(name[0])
                ? kind
                : throw new FormatException($"--faults {name} is not known; use silo, gateway, postgres, freeze, rolling, separated by commas, or none")),
    ];
}
