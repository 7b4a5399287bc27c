using System.CommandLine;
using Trm.Cli.Hosting;
using Trm.Cli.Output;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Gateway.Access;
using Trm.Hosting;

namespace Trm.Cli.Commands;

/// <summary><c>trm keys …</c>: who may call the gateways of a data folder. What runs hears of it within two seconds.</summary>
internal static class KeysCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Whose key it is, for people" };
    private static readonly Argument<string> Id = new("id") { Description = "The key's id, as 'trm keys list' prints it" };
    private static readonly Option<string[]> Scope = new("--scope") { Description = $"What it is for: {string.Join(", ", Scopes.All)}; may be repeated; default read", HelpName = "scope", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> MarketIds = new("--market") { Description = "A market that it sees; may be repeated; default every one", HelpName = "id", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Expires = new("--expires") { Description = "When it stops working: a day (UTC) like 2027-01-31, or a time from now like 12h or 90d; default never", HelpName = "when" };

    public static Command Create() => new("keys", "Make, list and revoke the keys that callers of the service show.")
    {
        CommandRunner.Create(
            "add", "Make a key and print it. It is shown this once: what is stored is its hash.",
            [SettingOptions.Data, SettingOptions.Markets], [Name, Scope, MarketIds, Expires, SettingOptions.Json], AddAsync),
        CommandRunner.Create("list", "Print what is known of each key.", [SettingOptions.Data], [SettingOptions.Json], ListAsync),
        CommandRunner.Create("revoke", "End a key for good; open streams of it are closed.", [SettingOptions.Data], [Id], RevokeAsync),
    };

    private static async Task<int> AddAsync(CommandContext context)
    {
        var scopes = context.Line.GetValue(Scope) is { Length: > 0 } said ? said : [Scopes.Read];
        var markets = context.Line.GetValue(MarketIds) is { Length: > 0 } named ? named : null;
        Composition.RequireMarkets(context.Settings, markets ?? []);
        var now = CommandContext.Time.GetUtcNow();
        var expires = context.Line.GetValue(Expires) is { } when ? KeyExpiry.Parse(when, now) : (DateTimeOffset?)null;
        var (key, text) = ApiKey.Create(context.Line.GetValue(Name)!, [.. scopes.Distinct()], markets, now, expires);
        if (key.Fault() is { } fault) throw new UsageException(fault);

        using var turn = TakeTurn(context);
        var file = File(context);
        var before = file.Read();
        file.Write([.. before, key]);
        if (context.Json) KeyTable.WriteJson(key, now, text);
        else await Console.Out.WriteLineAsync(text).ConfigureAwait(false);
        await Console.Error.WriteLineAsync($"Key {key.Id} of {key.Name}: keep it now, it is not shown again; its hash is in {file.Path}.").ConfigureAwait(false);
        if (before.Count == 0) await Console.Error.WriteLineAsync("It is the first one: from now on every call needs a key.").ConfigureAwait(false);
        return CommandRunner.Done;
    }

    private static async Task<int> ListAsync(CommandContext context)
    {
        var file = File(context);
        var keys = file.Read();
        var now = CommandContext.Time.GetUtcNow();
        if (context.Json) foreach (var key in keys) KeyTable.WriteJson(key, now);
        else if (keys.Count > 0) KeyTable.Write(keys, now);
        else await Console.Error.WriteLineAsync($"There is no key in {file.Path}; 'trm keys add NAME' makes one.").ConfigureAwait(false);
        return CommandRunner.Done;
    }

    private static async Task<int> RevokeAsync(CommandContext context)
    {
        var id = context.Line.GetValue(Id)!;
        Find(id, File(context)); // Before the lock, which would make a mistyped folder.
        using var turn = TakeTurn(context);
        var file = File(context);
        var key = Find(id, file);
        if (key.Revoked is { } since)
        {
            await Console.Error.WriteLineAsync($"Key {id} of {key.Name} was revoked at {since:yyyy-MM-dd HH:mm:ss} UTC already.").ConfigureAwait(false);
            return CommandRunner.Done;
        }
        file.Write([.. file.Read().Select(k => k.Id == id ? k with { Revoked = CommandContext.Time.GetUtcNow() } : k)]);
        await Console.Error.WriteLineAsync($"Key {id} of {key.Name} is revoked.").ConfigureAwait(false);
        return CommandRunner.Done;
    }

    private static ApiKeysFile File(CommandContext context) => new(KeysPlace.Of(context.Configuration, context.Settings));

    private static ApiKey Find(string id, ApiKeysFile file) => file.Read().FirstOrDefault(k => k.Id == id)
        ?? throw new TrmException("unknown_key", $"there is no key {id} in {file.Path}; 'trm keys list' prints those there are");

    // One change at a time, or the second would undo the first.
    private static FolderLock TakeTurn(CommandContext context)
    {
        var path = File(context).Path;
        return FolderLock.TryTake(Path.GetDirectoryName(Path.GetFullPath(path))!, "keys.lock")
            ?? throw new TrmException("keys_in_use", $"another 'trm keys' changes {path}; try again");
    }
}
