using System.Text.Json;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Commands;

public sealed class DoctorTests : IDisposable
{
    private static readonly string[] Anywhere = ["doctor", "--urls", "http://127.0.0.1:0"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task In_a_new_folder_nothing_fails_nothing_is_made_and_each_thing_has_its_line()
    {
        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, Anywhere);

        Assert.Equal((0, ""), (code, errors));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["runtime", "model", "markets", "store", "feed", "ports", "keys", "disk", "clock", "gpu"], lines.SkipLast(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        Assert.All(lines.SkipLast(1), line => Assert.Matches("^(ok|warn) ", line));
        Assert.EndsWith(", 0 failed", lines[^1]);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task What_does_not_work_is_exit_code_1_and_the_other_checks_go_on()
    {
        var (code, output, _) = await TrmProcess.RunAsync(folder.Path, [.. Anywhere, "--model", "absent", "--cluster", "--json"]);

        Assert.Equal(1, code);
        var report = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.False(report.GetProperty("ok").GetBoolean());
        var failed = report.GetProperty("findings").EnumerateArray().Where(f => f.GetProperty("verdict").GetString() == "fail").ToArray();
        Assert.Equal(["model", "cluster"], failed.Select(f => f.GetProperty("check").GetString()!));
        Assert.Contains("absent", failed[0].GetProperty("found").GetString());
        Assert.Contains("trm cluster up", failed[1].GetProperty("found").GetString());
    }

    [Fact]
    public async Task Beside_a_running_service_it_says_who_writes_and_that_it_is_ready()
    {
        var (server, address) = await TrmProcess.ServeAsync(folder.Path);
        await using var _ = server;
        await server.SaysAsync("TRM Prediction");

        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["doctor", "--urls", address.ToString()]);

        Assert.True(code == 0, output + errors);
        Assert.Contains("a trm is there, and ready", output);
        Assert.Contains("predictions.db (", output);
        if (OperatingSystem.IsLinux()) Assert.Matches(@"trm serve \(pid \d+\) writes predictions there", output);
    }
}
