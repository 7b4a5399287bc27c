using System.Globalization;
using Trm.Gateway.Access;

namespace Trm.Cli.Doctor.Checks;

/// <summary>The file of keys can be read, is its owner's alone, and no key of it ends soon.</summary>
/// <param name="path">The file; it need not exist.</param>
/// <param name="time">The clock.</param>
internal sealed class KeysCheck(string path, TimeProvider time) : IDoctorCheck
{
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OthersRead = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public string Name => "keys";

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellation)
    {
        if (!File.Exists(path)) return Task.FromResult<IReadOnlyList<Finding>>([Finding.Ok($"there is no {path}: this machine is served without a key, others are not served")]);
        var now = time.GetUtcNow();
        var working = new ApiKeysFile(path).Read().Where(key => key.Revoked is null && !(key.Expires <= now)).ToArray();
        var findings = working.Where(key => key.Expires <= now + Soon).OrderBy(key => key.Expires).Select(Ending).ToList();
        if (Rights() is { } rights) findings.Insert(0, rights);
        return Task.FromResult<IReadOnlyList<Finding>>(
            findings.Count > 0 ? findings : [Finding.Ok($"{working.Length} in use in {path}; none ends within {Soon.TotalDays:0} days")]);
    }

    private static Finding Ending(ApiKey key) => Finding.Warn(
        string.Create(CultureInfo.InvariantCulture, $"key {key.Id} of {key.Name} stops working at {key.Expires:yyyy-MM-dd HH:mm} UTC"), "make its caller a new one with 'trm keys add'");

    private Finding? Rights()
    {
        if (OperatingSystem.IsWindows()) return null;
        var mode = File.GetUnixFileMode(path);
        var octal = Convert.ToString((int)mode, 8).PadLeft(4, '0');
        if ((mode & OthersWrite) != 0) return Finding.Fail($"{path} can be written by others (mode {octal}): whoever does lets himself in", $"chmod 600 {path}, and look through 'trm keys list'");
        return (mode & OthersRead) != 0 ? Finding.Warn($"{path} can be read by others (mode {octal})", $"chmod 600 {path}") : null;
    }
}
