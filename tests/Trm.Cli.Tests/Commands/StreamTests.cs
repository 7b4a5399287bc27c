using System.Text.RegularExpressions;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Commands;

public sealed class StreamTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_duration_of_five_intervals_prints_five_blocks_and_the_log_keeps_them()
    {
        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["stream", "--interval", "0.4", "--duration", "2"]);

        Assert.True(code == 0, errors);
        Assert.Equal(5, Regex.Count(output, @"Strategy\s+[a-z_]+ \(id \d\)"));
        Assert.Equal(5, Regex.Count(output, @"Halt\s+"));
        var history = await TrmProcess.RunAsync(folder.Path, ["history", "--json"]);
        Assert.Equal(5, history.Output.Count(c => c == '\n'));
    }
}
