using System.Text.Json;
using System.Text.Json.Serialization;
using Trm.Core;

namespace Trm.Gateway.Access;

/// <summary>
/// Keys in a file, <c>keys.json</c>: written whole and put in place in one step, so that a server that looks at it meanwhile
/// sees the old or the new one. Only its owner may read it.
/// </summary>
/// <param name="path">Where it is, or will be.</param>
public sealed class ApiKeysFile(string path)
{
    /// <summary>Its name in a data folder.</summary>
    public const string Name = "keys.json";

    private const int Version = 1;
    private const long LimitBytes = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A misspelt "markets" would otherwise open every market.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };

    /// <summary>Where it is.</summary>
    public string Path { get; } = path;

    /// <summary>The keys, revoked ones too; none when there is no file.</summary>
    /// <exception cref="TrmException">It cannot be read, or is no file of keys.</exception>
    public IReadOnlyList<ApiKey> Read() => ReadBytes() is { } bytes ? Parse(bytes) : [];

    /// <summary>Puts the keys in place of those that are there; the folder is made when needed.</summary>
    /// <exception cref="TrmException">It cannot be written.</exception>
    public void Write(IReadOnlyList<ApiKey> keys)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new Content(Version, keys), Format);
        var next = $"{Path}.new";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
            File.Delete(next); // Left by one that was killed, perhaps with other rights.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(next, options))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(next, Path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AccessException("keys_not_written", $"the keys cannot be written to {Path} ({error.Message})", error);
        }
    }

    /// <summary>What is in the file; null when there is none.</summary>
    internal byte[]? ReadBytes()
    {
        try
        {
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > LimitBytes) throw new AccessException("bad_keys_file", $"{Path} has {file.Length} bytes; a file of keys has at most {LimitBytes}");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AccessException("bad_keys_file", $"the keys in {Path} cannot be read ({error.Message}); the file must belong to the user that runs this", error);
        }
    }

    internal IReadOnlyList<ApiKey> Parse(byte[] bytes)
    {
        Content content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(bytes, Format) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new AccessException("bad_keys_file", $"{Path} is no file of keys ({error.Message}); put back a copy, or write keys with 'trm keys add'", error);
        }
        var fault = content.FormatVersion != Version ? $"format_version {content.FormatVersion} is not {Version}"
            : content.Keys.Select(k => k.Fault()).OfType<string>().FirstOrDefault()
                ?? content.Keys.GroupBy(k => k.Id).Where(g => g.Count() > 1).Select(g => $"key {g.Key} is there twice").FirstOrDefault();
        return fault is null ? content.Keys : throw new AccessException("bad_keys_file", $"{Path}: {fault}");
    }

    internal static string Text(ApiKey key) => JsonSerializer.Serialize(key, Format);

    private sealed record Content([property: JsonRequired] int FormatVersion, [property: JsonRequired] IReadOnlyList<ApiKey> Keys);
}
