using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Trm.Gateway.Access;

/// <summary>
/// A key as it is stored: everything but the key itself. What a caller shows is <c>trm_&lt;id&gt;_&lt;secret&gt;</c>; the id finds
/// this record, and the hash of the whole text must be <see cref="Hash"/>.
/// </summary>
public sealed record ApiKey
{
    /// <summary>What every key begins with, so that people and secret scanners know one when they see it.</summary>
    public const string Prefix = "trm_";

    private const int IdLength = 12;
    private const string IdAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"; // None that looks like another.
    private const int SecretBytes = 32;

    /// <summary>Public name of the key, a-z and 0-9: for lists, logs and <c>trm keys revoke</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Whose it is, for people.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// SHA-256 of the key's text, 64 hexadecimal digits. A slow password hash would protect guessable secrets; 256 random bits
    /// cannot be guessed, and every request must be checked.
    /// </summary>
    public required string Hash { get; init; }

    /// <summary>Some of <see cref="Access.Scopes.All"/>, at least one.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The markets it sees; null is every one.</summary>
    public IReadOnlyList<string>? Markets { get; init; }

    /// <summary>When it was made; null where nobody wrote it down.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>When it stops working; null is never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was revoked; null is not. Its record stays: a folder that had keys never becomes open again.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Makes a key.</summary>
    /// <returns>What is stored, and the text that is shown once and kept nowhere.</returns>
    public static (ApiKey Key, string Text) Create(string name, IReadOnlyList<string> scopes, IReadOnlyList<string>? markets, DateTimeOffset now, DateTimeOffset? expires)
    {
        var id = RandomNumberGenerator.GetString(IdAlphabet, IdLength);
        var text = $"{Prefix}{id}_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}";
        var key = new ApiKey
        {
            Id = id, Name = name, Hash = Convert.ToHexStringLower(HashOf(text)), Scopes = scopes, Markets = markets, Created = now, Expires = expires,
        };
        return (key, text);
    }

    /// <summary>What is wrong with a record that somebody wrote; null when nothing is.</summary>
    public string? Fault()
    {
        if (Id.Length is 0 or > 64 || !Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))) return $"id '{Id}' must be 1 to 64 of a-z and 0-9";
        if (Name.Length is 0 or > 100 || Name.Any(char.IsControl)) return $"key {Id}: name must be 1 to 100 characters";
        if (Hash.Length != 2 * SHA256.HashSizeInBytes || !Hash.All(char.IsAsciiHexDigit)) return $"key {Id}: hash must be the key's SHA-256, 64 hexadecimal digits";
        if (Scopes.Count == 0) return $"key {Id} has no scopes; give some of {string.Join(", ", Access.Scopes.All)}";
        if (Scopes.Except(Access.Scopes.All).FirstOrDefault() is { } unknown) return $"key {Id}: scope '{unknown}' is not known; use {string.Join(", ", Access.Scopes.All)}";
        return Markets is { Count: 0 } || Markets?.Any(string.IsNullOrWhiteSpace) == true ? $"key {Id}: markets is empty; name some, or leave it out for every market" : null;
    }

    /// <summary>The id in a key's text; null when it is none.</summary>
    internal static string? IdOf(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var end = text.IndexOf('_', Prefix.Length);
        return end < 0 ? null : text[Prefix.Length..end];
    }

    internal static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
