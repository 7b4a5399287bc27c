using Trm.Core;

namespace Trm.Inference.Export;

/// <summary>Where an export goes: a new file, in a folder that is there. Nothing is ever written over.</summary>
internal static class ExportFile
{
    /// <summary>Code of what can go wrong.</summary>
    public const string ErrorCode = "model_export";

    /// <summary>Before the work is done, so that nobody waits for a refusal.</summary>
    /// <exception cref="TrmException">There is something at the path, or no folder for it.</exception>
    public static void CheckNew(string path)
    {
        if (Path.Exists(path)) throw new TrmException(ErrorCode, $"{path}: there is something already; give a new file");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new TrmException(ErrorCode, $"{path}: there is no folder {folder}; make it first");
    }

    /// <returns>Bytes written.</returns>
    public static int Write(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(bytes);
        return bytes.Length;
    }
}
