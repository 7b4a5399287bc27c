using System.Net.Http.Headers;
using System.Text;
using Trm.Gateway.Access;

namespace Trm.Gateway.Tests.Support;

/// <summary>A file of keys in a folder of its own.</summary>
internal sealed class KeyRing : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trm-keys-").FullName;

    public ApiKeysFile File => new(Path.Combine(folder, ApiKeysFile.Name));

    /// <summary>What a host reads the file by, and other settings of section <c>Trm:Access</c>.</summary>
    public Dictionary<string, string?> Settings(params (string Key, string? Value)[] others)
    {
        var settings = Access(others);
        settings["Trm:Access:KeysFile"] = File.Path;
        return settings;
    }

    /// <summary>Settings of section <c>Trm:Access</c> without a file of keys.</summary>
    public static Dictionary<string, string?> Access(params (string Key, string? Value)[] settings) =>
        settings.ToDictionary(s => $"Trm:Access:{s.Key}", s => s.Value);

    /// <summary>Adds a key and answers its text.</summary>
    public string Add(string scopes = "read", string? markets = null, DateTimeOffset? expires = null)
    {
        var (key, text) = ApiKey.Create("test", scopes.Split(' '), markets?.Split(' '), Samples.Start, expires);
        File.Write([.. File.Read(), key]);
        return text;
    }

    public void Change(string text, Func<ApiKey, ApiKey> change) =>
        File.Write([.. File.Read().Select(k => text.StartsWith($"trm_{k.Id}_", StringComparison.Ordinal) ? change(k) : k)]);

    public void Revoke(string text) => Change(text, k => k with { Revoked = Samples.Start });

    public void Spoil() => System.IO.File.WriteAllText(File.Path, "{ nonsense", Encoding.UTF8);

    public void Delete() => System.IO.File.Delete(File.Path);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

internal static class KeyRequests
{
    /// <summary>A request that shows a key.</summary>
    public static Task<HttpResponseMessage> SendAsync(this GatewayHost host, HttpMethod method, string path, string? key, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static Task<HttpResponseMessage> GetAsync(this GatewayHost host, string path, string? key) => host.SendAsync(HttpMethod.Get, path, key);
}
