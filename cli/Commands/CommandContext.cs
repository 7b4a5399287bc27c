using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Trm.Cli.Settings;

namespace Trm.Cli.Commands;

/// <summary>What a verb runs with.</summary>
internal sealed record CommandContext(ParseResult Line, IConfigurationRoot Configuration, TrmSettings Settings, CancellationToken Cancellation)
{
    public bool Json => Line.GetValue(SettingOptions.Json);

    public static TimeProvider Time => TimeProvider.System;
}
