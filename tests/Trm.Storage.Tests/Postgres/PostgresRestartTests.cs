using Trm.Core.Predictions;
using Trm.Storage.Postgres;
using Trm.Storage.Predictions;
using Trm.Storage.Tests.Predictions;
using Trm.Tests.Postgres;

namespace Trm.Storage.Tests.Postgres;

/// <summary>On a server of its own, which stops and starts.</summary>
public sealed class PostgresRestartTests
{
    private const int Markets = 8;
    private const int Restarts = 3;

    public PostgresRestartTests() => PostgresServer.SkipUnlessInstalled();

    [Fact]
    public async Task A_server_that_crashes_amid_appends_loses_nothing_acknowledged_and_has_nothing_twice()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PrivatePostgres.StartAsync(folder.Path, durable: false);
        await PostgresSchema.ApplyAsync(server.ConnectionString);
        await using var log = await PostgresPredictionLog.OpenAsync(server.ConnectionString, TimeProvider.System);

        using var stop = new CancellationTokenSource();
        var acknowledged = new long[Markets];
        var writers = Enumerable.Range(0, Markets).Select(i => Task.Run(() => WriteAsync(i))).ToArray();
        for (var restart = 0; restart < Restarts; restart++)
        {
            await UntilAsync(30);
            await server.RestartAsync(immediate: true);
        }
        // Every writer goes on with the log it had, on a server that runs again.
        await UntilAsync(30);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        for (var i = 0; i < Markets; i++)
        {
            var head = await log.OpenAsync(Name(i));
            var read = await log.ReadAsync(Name(i), new LogQuery { After = head.Sequence - LogQuery.MaxLimit, Limit = LogQuery.MaxLimit });
            Assert.True(head.Sequence >= acknowledged[i], $"{Name(i)}: sequence {acknowledged[i]} was acknowledged, but the log ends at {head.Sequence}");
            Assert.Equal(read[^1].Sequence - read.Count, read[0].Sequence - 1);
            Assert.Equal(Enumerable.Range(0, read.Count).Select(n => read[0].Sequence + n), read.Select(p => p.Sequence));
            Assert.All(read, p => SamplePredictions.AssertSame(SamplePredictions.Make(head.Epoch, p.Sequence, Name(i)), p));
        }

        async Task WriteAsync(int i)
        {
            var epoch = (await RepeatAsync(() => log.OpenAsync(Name(i)))).Epoch;
            for (var sequence = 1L; !stop.IsCancellationRequested; sequence++)
            {
                var outcome = await RepeatAsync(() => log.TryAppendAsync(SamplePredictions.Make(epoch, sequence, Name(i))));
                // Already there: the attempt before this one was committed, and the crash took only its answer.
                Assert.True(outcome.Result is AppendResult.Added or AppendResult.AlreadyThere, $"{Name(i)} {sequence}: {outcome}");
                Interlocked.Exchange(ref acknowledged[i], sequence);
            }

            async Task<T> RepeatAsync<T>(Func<Task<T>> call)
            {
                while (true)
                {
                    try
                    {
                        return await call();
                    }
                    catch (StorageException e)
                    {
                        Assert.Equal("storage_unavailable", e.Code);
                    }
                }
            }
        }

        // Until each writer has made its way that far from where it is.
        async Task UntilAsync(int further)
        {
            var goals = acknowledged.Select((_, i) => Interlocked.Read(ref acknowledged[i]) + further).ToArray();
            while (goals.Where((goal, i) => Interlocked.Read(ref acknowledged[i]) < goal).Any())
            {
                if (writers.FirstOrDefault(w => w.IsCompleted) is { } ended) await ended;
                await Task.Yield();
            }
        }

        static string Name(int i) => $"market-{i}";
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_to_be_and_a_later_call_works()
    {
        using var folder = new TemporaryFolder();
        await using var server = await PrivatePostgres.StartAsync(folder.Path, durable: false);
        await PostgresSchema.ApplyAsync(server.ConnectionString);
        await using var log = await PostgresPredictionLog.OpenAsync(server.ConnectionString, TimeProvider.System);
        var epoch = (await log.OpenAsync(SamplePredictions.Market)).Epoch;
        await log.AppendAsync(SamplePredictions.Make(epoch, 1));

        await server.StopAsync(immediate: true);
        foreach (var call in new Func<Task>[]
        {
            () => log.AppendAsync(SamplePredictions.Make(epoch, 2)),
            () => log.ReadAsync(SamplePredictions.Market, new LogQuery()),
            () => log.OpenAsync(SamplePredictions.Market),
        })
        {
            var e = await Assert.ThrowsAsync<StorageException>(call);
            Assert.Equal("storage_unavailable", e.Code);
            Assert.Contains($"127.0.0.1:{server.Port}", e.Message, StringComparison.Ordinal);
        }

        await using var again = await PrivatePostgres.StartAsync(folder.Path);
        Assert.True(await log.AppendAsync(SamplePredictions.Make(epoch, 2)));
        Assert.Equal([1L, 2], (await log.ReadAsync(SamplePredictions.Market, new LogQuery())).Select(p => p.Sequence));
    }
}
