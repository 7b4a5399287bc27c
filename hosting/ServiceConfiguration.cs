using Microsoft.Extensions.Configuration;

namespace Trm.Hosting;

/// <summary>Where a program's configuration comes from; later ones win.</summary>
internal static class ServiceConfiguration
{
    /// <summary>
    /// <c>appsettings.json</c> beside the program, the one of the working folder, <c>TRM__…</c> in the environment (and
    /// <c>TRM_DATA</c>), then what the command line says.
    /// </summary>
    public static IConfigurationRoot Build(IEnumerable<KeyValuePair<string, string?>> commandLine)
    {
        var builder = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables();
        if (Environment.GetEnvironmentVariable("TRM_DATA") is { Length: > 0 } data)
            builder.AddInMemoryCollection([new("Trm:Data", data)]);
        return builder.AddInMemoryCollection(commandLine).Build();
    }

    /// <summary><c>--Trm:Cluster:SiloPort=11112</c> and the like, for programs without verbs of their own.</summary>
    /// <exception cref="FormatException">An argument is no <c>--key=value</c>.</exception>
    public static IEnumerable<KeyValuePair<string, string?>> Parse(IEnumerable<string> arguments) => arguments.Select(argument =>
        argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=', StringComparison.Ordinal) is > 2 and var at
            ? new KeyValuePair<string, string?>(argument[2..at], argument[(at + 1)..])
            : throw new FormatException($"'{argument}' is not understood; write --key=value, like --Trm:Interval=5"));
}
