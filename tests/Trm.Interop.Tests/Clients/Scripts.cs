namespace Trm.Interop.Tests.Clients;

internal static class Scripts
{
    /// <summary>The folder of a kind of scripts, beside the tests.</summary>
    public static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
