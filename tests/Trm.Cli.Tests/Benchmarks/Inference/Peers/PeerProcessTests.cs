using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Trm.Cli.Benchmarks.Inference;
using Trm.Cli.Benchmarks.Inference.Machine;
using Trm.Cli.Benchmarks.Inference.Peers;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Benchmarks.Inference.Peers;

public sealed class PeerProcessTests : IDisposable
{
    private const string Greeting = """echo "{\"ready\":true,\"name\":\"fake\",\"version\":\"$$\"}" """;
    private const string Forever = "while :; do sleep 60; done";

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_peer_greets_and_answers_each_request()
    {
        // The answer shows what it was asked.
        await using var peer = await StartAsync($$"""
            {{Greeting}}
            while read line; do echo "$line" >> {{folder["asked"]}}; echo '{"seconds":[0.5,0.25]}'; done
            """);

        Assert.Equal(("fake", true), (peer.Greeting.Name, peer.Greeting.Ready));
        Assert.Equal((double[])[0.5, 0.25], await MeasureAsync(peer));
        Assert.Equal((double[])[0.5, 0.25], await MeasureAsync(peer));
        Assert.Equal("""{"batch":8,"repeats":2,"inputs":"in","outputs":"out"}""", (await File.ReadAllLinesAsync(folder["asked"]))[0]);
    }

    [Theory]
    [InlineData("""echo '{"ready":false,"reason":"no module named torch"}'""", "no module named torch")]
    [InlineData("""echo '{"ready":false}'""", "it is not ready and does not say why")]
    [InlineData("echo 'Welcome!'", "it said 'Welcome!' where a JSON object was expected")]
    [InlineData("echo null", "it said 'null' where a JSON object was expected")]
    [InlineData("echo 'cannot open shared object' >&2; exit 127", "it ended with exit code 127: cannot open shared object")]
    [InlineData("exit 0", "it ended with exit code 0")]
    public async Task A_peer_that_does_not_come_up_says_why(string script, string reason)
    {
        var error = await Assert.ThrowsAsync<PeerException>(() => StartAsync(script));

        Assert.Equal(reason, error.Message);
    }

    [Theory]
    [InlineData("read line; echo 'out of memory' >&2; exit 3", "it ended with exit code 3: out of memory")]
    [InlineData("read line; echo '{\"seconds\":[0.5'; exit 0", "it said '{\"seconds\":[0.5' where a JSON object was expected")]
    [InlineData("read line; echo 'Segmentation fault'", "it said 'Segmentation fault' where a JSON object was expected")]
    [InlineData("read line; echo '{\"seconds\":[0.5]}'", "it was asked for 2 times above 0 and gave 0.5")]
    [InlineData("read line; echo '{\"seconds\":[0.5,0]}'", "it was asked for 2 times above 0 and gave 0.5, 0")]
    [InlineData("read line; echo '{}'", "it was asked for 2 times above 0 and gave none")]
    [InlineData("read line; echo '{\"error\":\"batch 8 is too large\"}'", "batch 8 is too large")]
    public async Task A_peer_that_fails_midway_says_why(string script, string reason)
    {
        await using var peer = await StartAsync($"{Greeting}\n{script}\n");

        var error = await Assert.ThrowsAsync<PeerException>(() => MeasureAsync(peer));

        Assert.Equal(reason, error.Message);
    }

    [Fact]
    public async Task A_peer_that_is_already_gone_is_an_error_too()
    {
        await using var peer = await StartAsync($"{Greeting}\nexec 0<&-\necho 'bye' >&2\nexit 9");

        // Whether the request still finds a pipe or not is a race between two processes.
        var error = await Assert.ThrowsAsync<PeerException>(() => MeasureAsync(peer));

        Assert.Equal("it ended with exit code 9: bye", error.Message);
    }

    [Fact]
    public async Task A_peer_that_starts_too_slowly_is_given_up()
    {
        var error = await Assert.ThrowsAsync<PeerException>(() => TimePassesAsync(StartAsync(Forever)));

        Assert.Equal("it said nothing for 60 s", error.Message);
    }

    [Fact]
    public async Task A_peer_that_answers_too_slowly_is_given_up_and_killed()
    {
        var peer = await StartAsync($"{Greeting}\n{Forever}");
        var id = int.Parse(peer.Greeting.Version!, CultureInfo.InvariantCulture);

        var error = await Assert.ThrowsAsync<PeerException>(() => TimePassesAsync(MeasureAsync(peer)));
        await TimePassesAsync(peer.DisposeAsync().AsTask());

        Assert.Equal("it said nothing for 120 s", error.Message);
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Fact]
    public async Task A_peer_that_is_not_there_is_one_line_that_says_how_to_get_it()
    {
        var absent = new PeerCommand(folder["absent"], [], null, "build it");

        var error = await Assert.ThrowsAsync<PeerException>(() => PeerProcess.StartAsync(absent, time, CancellationToken.None));

        Assert.Equal("absent is not there; build it", error.Message);
    }

    [Fact]
    public async Task A_program_that_is_none_cannot_be_started()
    {
        await File.WriteAllTextAsync(folder["text"], "not a program");

        var error = await Assert.ThrowsAsync<PeerException>(
            () => PeerProcess.StartAsync(new PeerCommand(folder["text"], [], null, ""), time, CancellationToken.None));

        Assert.StartsWith("text cannot be started: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it wrote 0 bytes of answers; 72 were expected")]
    [InlineData("head -c 71 /dev/zero > \"$out\"", "it wrote 71 bytes of answers; 72 were expected")]
    [InlineData("head -c 72 /dev/zero > \"$out\"", null)]
    public async Task The_answers_of_a_peer_are_read_and_must_be_as_many_as_the_batch(string write, string? reason)
    {
        using var inputs = new BenchInputs(2);
        var peer = await StartAsync($$"""
            {{Greeting}}
            read line
            out=$(echo "$line" | sed 's/.*"outputs":"\([^"]*\)".*/\1/')
            {{write}}
            echo '{"seconds":[0.5]}'
            """);
        await using var contestant = new PeerContestant("fake", WeightFormat.Fp32, new Dictionary<int, PeerProcess> { [1] = peer });

        if (reason is not null)
        {
            var error = await Assert.ThrowsAsync<PeerException>(() => contestant.RunAsync(inputs, 2, 1, 1, CancellationToken.None));
            Assert.Equal(reason, error.Message);
            return;
        }
        var slot = await contestant.RunAsync(inputs, 2, 1, 1, CancellationToken.None);
        Assert.Equal((4, 18), (slot.PredictionsPerSecond, slot.Answers.Length));
    }

    private async Task<PeerProcess> StartAsync(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the fake peers are shell scripts");
        var path = folder["peer.sh"];
        await File.WriteAllTextAsync(path, script.ReplaceLineEndings("\n") + "\n");
        return await PeerProcess.StartAsync(new PeerCommand("/bin/sh", [path], path, ""), time, CancellationToken.None);
    }

    private static Task<double[]> MeasureAsync(PeerProcess peer) => peer.MeasureAsync(new PeerRequest(8, 2, "in", "out"), CancellationToken.None);

    // Whatever the work waits for next, its time is over.
    private async Task TimePassesAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            time.Advance(PeerProcess.AnswerLimit);
            await Task.Yield();
        }
        await work;
    }
}
