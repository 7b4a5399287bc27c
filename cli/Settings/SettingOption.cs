using System.CommandLine;

namespace Trm.Cli.Settings;

/// <summary>
/// A command-line option that is also a configuration key. It stays text here; <see cref="TrmSettings"/> converts
/// and checks it, so a bad value is the same one line wherever it was written.
/// </summary>
internal sealed class SettingOption(string name, string key, string description, string? argument = null)
{
    public string Key { get; } = $"Trm:{key}";

    public Option<string> Option { get; } = new(name) { Description = description, HelpName = argument ?? key.ToLowerInvariant() };

    /// <summary>What the command line says, if it says something.</summary>
    public KeyValuePair<string, string?>? Read(ParseResult line) =>
        line.GetResult(Option) is { Implicit: false } ? new(Key, line.GetValue(Option)) : null;
}
