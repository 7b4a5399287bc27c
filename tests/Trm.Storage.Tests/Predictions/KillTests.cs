using System.Globalization;
using Trm.Core.Predictions;
using Trm.Storage.Predictions;

namespace Trm.Storage.Tests.Predictions;

public sealed class KillTests
{
    private const int Kills = 4;

    [Fact]
    public async Task A_log_whose_writer_is_killed_at_any_moment_has_every_sequence_once()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(20261122);
        var acknowledged = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var appender = Appender.Start(folder.Path);
            var goal = acknowledged + random.Next(1, 60);
            while (acknowledged < goal)
            {
                var line = await appender.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the appender ended by itself");
                acknowledged = long.Parse(line, CultureInfo.InvariantCulture);
            }
            // The appender is now anywhere within a later append.
            appender.Kill();
            await appender.WaitForExitAsync();
        }

        await using var log = await SqlitePredictionLog.OpenAsync(folder.Path, TimeProvider.System);
        var head = await log.OpenAsync(SamplePredictions.Market);
        var read = await log.ReadAsync(SamplePredictions.Market, new LogQuery { Limit = LogQuery.MaxLimit });

        Assert.True(head.Sequence >= acknowledged, $"sequence {acknowledged} was acknowledged, but the log ends at {head.Sequence}");
        Assert.Equal(Enumerable.Range(1, (int)head.Sequence).Select(i => (long)i), read.Select(p => p.Sequence));
        Assert.All(read, p => SamplePredictions.AssertSame(SamplePredictions.Make(head.Epoch, p.Sequence), p));
    }
}
