using System.Runtime.InteropServices;
using Trm.Cli.Doctor;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Doctor;

/// <summary>Runtime, GPU and disk.</summary>
public sealed class MachineCheckTests : IDisposable
{
    private const long GiB = 1L << 30;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("avx512", Architecture.X64, "Ok: ")]
    [InlineData("avx2", Architecture.X64, "Ok: ")]
    [InlineData("vector128", Architecture.Arm64, "Ok: ")]
    [InlineData("vector128", Architecture.X64, "Warn: ")]
    public async Task The_kernels_of_the_processor_are_named_and_slow_ones_are_told(string path, Architecture architecture, string verdict)
    {
        var found = await Look.AtOneAsync(new RuntimeCheck(path, architecture));

        Assert.StartsWith(verdict, found);
        Assert.Contains($"kernels {path}", found);
    }

    [Fact]
    public async Task A_card_is_named_and_none_is_no_fault()
    {
        Assert.StartsWith(
            "Ok: NVIDIA L4 with 23034 MiB with 580.95; silos use it",
            await Look.AtOneAsync(new GpuCheck(Says("NVIDIA L4, 23034 MiB, 580.95\n"), folder["absent"])));
        Assert.StartsWith("Ok: none, and none is needed", await Look.AtOneAsync(new GpuCheck(Says(null), folder["absent"])));
    }

    [Fact]
    public async Task A_driver_without_a_card_is_told()
    {
        await File.WriteAllTextAsync(folder["version"], "NVRM version: 580.95\n");

        Assert.StartsWith("Warn: there is a driver (NVRM version: 580.95)", await Look.AtOneAsync(new GpuCheck(Says(null), folder["version"])));
    }

    [Theory]
    [InlineData(1_440, 5 * GiB, "Ok: 5.0 GiB free")] // one market a minute: 31 MiB in 30 days
    [InlineData(1_440, GiB - 1, "Warn: 1024 MiB free")]
    [InlineData(1_440 * 200, 5 * GiB, "Warn: 5.0 GiB free")] // two hundred: 6.0 GiB
    public async Task A_disk_with_less_than_a_gibibyte_or_thirty_days_of_predictions_is_told(double predictionsPerDay, long free, string found)
    {
        string? asked = null;

        var line = await Look.AtOneAsync(new DiskCheck(folder["not/yet"], predictionsPerDay, at => { asked = at; return free; }));

        Assert.StartsWith(found, line);
        Assert.Equal(folder.Path, asked);
    }

    [Fact]
    public async Task A_program_that_is_not_there_or_fails_says_nothing()
    {
        Assert.Null(await Programs.AskAsync("no-such-program", [], TestContext.Current.CancellationToken));
        Assert.StartsWith("10.", await Programs.AskAsync("dotnet", ["--version"], TestContext.Current.CancellationToken));
        Assert.Null(await Programs.AskAsync("dotnet", ["no-such-verb.dll"], TestContext.Current.CancellationToken));
    }

    private static AskProgram Says(string? output) => (_, _, _) => Task.FromResult(output);
}
