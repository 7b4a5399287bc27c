using System.Globalization;
using Microsoft.Extensions.Options;

namespace Trm.Gateway;

internal sealed class GatewayOptionsValidator : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        string?[] faults =
        [
            Range(nameof(options.QueueLimit), options.QueueLimit, 1, 1_000_000),
            Range(nameof(options.ReplyLimit), options.ReplyLimit, 8, 100_000),
            Range(nameof(options.SendTimeout), options.SendTimeout.TotalSeconds, 0.1, 3_600, " seconds"),
            Range(nameof(options.CloseTimeout), options.CloseTimeout.TotalSeconds, 0.1, 3_600, " seconds"),
            Range(nameof(options.HeartbeatInterval), options.HeartbeatInterval.TotalSeconds, 1, 3_600, " seconds"),
            Range(nameof(options.PongTimeout), options.PongTimeout.TotalSeconds, 1, 3_600, " seconds"),
            Range(nameof(options.DrainWindow), options.DrainWindow.TotalSeconds, 0, 3_600, " seconds"),
            Range(nameof(options.MessageLimitBytes), options.MessageLimitBytes, 256, 1_048_576),
            Range(nameof(options.MessagesPerSecond), options.MessagesPerSecond, 0.1, 1_000_000),
            Range(nameof(options.MessageBurst), options.MessageBurst, 1, 1_000_000),
            Range(nameof(options.ReplayLimit), options.ReplayLimit, 0, 1_000_000),
            Range(nameof(options.RecentLimit), options.RecentLimit, 1, 1_000_000),
            Range(nameof(options.BarsLimitBytes), options.BarsLimitBytes, 1_024, 1_073_741_824),
            Range(nameof(options.InferBatchLimit), options.InferBatchLimit, 1, 65_536),
        ];
        var found = faults.OfType<string>().ToArray();
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private static string? Range(string key, double value, double min, double max, string unit = "") =>
        value >= min && value <= max
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{GatewayOptions.Section}:{key} is {value}{unit}; it must be from {min} to {max}{unit}");
}
