using System.Globalization;
using Spectre.Console;
using Trm.Gateway.Access;

namespace Trm.Cli.Output;

/// <summary>Keys, one a line; never what a caller shows, but for the one time it is made.</summary>
internal static class KeyTable
{
    public static void Write(IReadOnlyList<ApiKey> keys, DateTimeOffset now)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var title in new[] { "id", "name", "scopes", "markets", "made (UTC)", "expires (UTC)", "state" }) table.AddColumn(new TableColumn(title).NoWrap());
        foreach (var key in keys)
        {
            table.AddRow(
                key.Id, Markup.Escape(key.Name), string.Join(' ', key.Scopes), Markup.Escape(key.Markets is { } markets ? string.Join(' ', markets) : "all"),
                Text(key.Created), Text(key.Expires), State(key, now));
        }
        Screen.Out.Write(table);
    }

    /// <summary>The text only of a key that was just made.</summary>
    public static void WriteJson(ApiKey key, DateTimeOffset now, string? text = null) => JsonOutput.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("id", key.Id);
        json.WriteString("name", key.Name);
        if (text is not null) json.WriteString("key", text);
        json.WriteStartArray("scopes");
        foreach (var scope in key.Scopes) json.WriteStringValue(scope);
        json.WriteEndArray();
        if (key.Markets is { } markets)
        {
            json.WriteStartArray("markets");
            foreach (var market in markets) json.WriteStringValue(market);
            json.WriteEndArray();
        }
        else
        {
            json.WriteNull("markets");
        }
        foreach (var (name, instant) in new[] { ("created", key.Created), ("expires", key.Expires), ("revoked", key.Revoked) })
        {
            if (instant is { } at) json.WriteString(name, at);
            else json.WriteNull(name);
        }
        json.WriteString("state", State(key, now));
        json.WriteEndObject();
    });

    private static string State(ApiKey key, DateTimeOffset now) => key.Revoked is not null ? "revoked" : key.Expires <= now ? "expired" : "active";

    private static string Text(DateTimeOffset? instant) => instant?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";
}
