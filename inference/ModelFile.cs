using System.Text.Json;

namespace Trm.Inference;

/// <summary>Reads the files of a model: missing, unreadable and oversized ones are one clear line each.</summary>
internal static class ModelFile
{
    /// <summary>The largest file that is read: H 8192 in fp32 does not fit, anything this model is trained at does.</summary>
    public const long MaxBytes = 1L << 30;

    private const long MaxJsonBytes = 64 << 20;

    /// <summary>How the project's JSON files are written.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
    };

    public static FileStream Open(string path, long limit = MaxBytes)
    {
        if (!File.Exists(path)) throw new ModelNotFoundException($"{path}: there is no such file");
        try
        {
            var file = File.OpenRead(path);
            if (file.Length <= limit) return file;
            file.Dispose();
            throw new ModelFormatException($"the file has {new FileInfo(path).Length} bytes; at most {limit} are read");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"the file cannot be read: {e.Message}", e);
        }
    }

    public static byte[] ReadBytes(string path, long limit = MaxBytes)
    {
        using var file = Open(path, limit);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads a JSON file as a record; the message of an error names the file and the place in it.</summary>
    public static T ReadJson<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(ReadBytes(path, MaxJsonBytes), Json)
                ?? throw new ModelFormatException($"{Path.GetFileName(path)} is null; it must be an object");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"{Path.GetFileName(path)} is not what it must be: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
