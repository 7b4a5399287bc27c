using Microsoft.Extensions.Time.Testing;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Cli.Tests.Support;
using Trm.Core;
using Trm.Gateway.Access;

namespace Trm.Cli.Tests.Doctor;

public sealed class KeysCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 26, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => folder.Dispose();

    private string Path => folder["keys.json"];

    [Fact]
    public async Task Keys_that_end_within_two_weeks_are_told_by_name_and_those_that_ended_or_were_revoked_are_not()
    {
        Write(("late", 15), ("soon", 13), ("over", -1), ("never", null));
        new ApiKeysFile(Path).Write([.. new ApiKeysFile(Path).Read(), Key("revoked", 5) with { Revoked = time.GetUtcNow() }]);

        var found = await Look.AtOneAsync(new KeysCheck(Path, time));

        Assert.Matches(@"^Warn: key [a-z0-9]{12} of soon stops working at 2026-12-09 00:00 UTC; make its caller a new one", found);
    }

    [Fact]
    public async Task Keys_that_last_are_counted()
    {
        Write(("late", 15), ("over", -1), ("never", null));

        Assert.StartsWith("Ok: 2 in use in ", await Look.AtOneAsync(new KeysCheck(Path, time)));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead, "Warn: ", "(mode 0640)")]
    [InlineData(UnixFileMode.OtherWrite, "Fail: ", "(mode 0602)")]
    public async Task A_file_that_others_can_read_or_write_is_told(UnixFileMode others, string verdict, string mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "rights of files are Unix'");
        Write(("never", null));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        var found = await Look.AtOneAsync(new KeysCheck(Path, time));

        Assert.StartsWith(verdict, found);
        Assert.Contains(mode, found);
        Assert.Contains("chmod 600", found);
    }

    [Fact]
    public async Task No_file_is_ok_and_one_that_is_no_file_of_keys_is_an_error()
    {
        Assert.StartsWith("Ok: there is no ", await Look.AtOneAsync(new KeysCheck(Path, time)));
        await File.WriteAllTextAsync(Path, "{}");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await Assert.ThrowsAnyAsync<TrmException>(() => Look.AtAsync(new KeysCheck(Path, time)));
    }

    private void Write(params (string Name, int? Days)[] keys) => new ApiKeysFile(Path).Write([.. keys.Select(k => Key(k.Name, k.Days))]);

    private ApiKey Key(string name, int? days) => ApiKey.Create(name, ["read"], null, time.GetUtcNow(), days is { } d ? time.GetUtcNow().AddDays(d) : null).Key;
}
