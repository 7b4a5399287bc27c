namespace Trm.Tests;

/// <summary>
/// Reference files beside the checkout (<c>../shared/data</c>): real bars and outputs of the original
/// implementation. They are not part of the project; a test that needs one skips with a word without it.
/// </summary>
internal static class SharedData
{
    /// <summary>The full path of a reference file; skips the calling test when it is absent.</summary>
    public static string File(string name)
    {
        var path = Path.Combine(RepositoryRoot, "..", "shared", "data", name);
        Assert.SkipUnless(System.IO.File.Exists(path), $"shared/data/{name} is not beside this checkout");
        return Path.GetFullPath(path);
    }

    /// <summary>The folder with <c>Trm.Orleans.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Trm.Orleans.sln"))) return folder.FullName;
        }
        throw new InvalidOperationException($"Trm.Orleans.sln is in no folder above {AppContext.BaseDirectory}");
    }
}
