using System.Text.RegularExpressions;
using Npgsql;
using Trm.Core.Predictions;
using Trm.Storage.Postgres;
using Trm.Storage.Predictions;
using Trm.Storage.Tests.Predictions;
using Trm.Tests.Postgres;
using static Trm.Storage.Tests.Predictions.SamplePredictions;

namespace Trm.Storage.Tests.Postgres;

public sealed class PostgresPredictionLogTests(PostgresServer server) : PredictionLogContract
{
    private string? database;

    private PostgresPredictionLog Postgres => (PostgresPredictionLog)Log;

    [Fact]
    public async Task An_outcome_says_what_an_exception_would()
    {
        var epoch = await FillAsync(2);
        Assert.Equal(new AppendOutcome(AppendResult.Added, 3, epoch), await Postgres.TryAppendAsync(Make(epoch, 3)));
        Assert.Equal(new AppendOutcome(AppendResult.AlreadyThere, 3, epoch), await Postgres.TryAppendAsync(Make(epoch, 1)));
        Assert.Equal(new AppendOutcome(AppendResult.Gap, 3, epoch), await Postgres.TryAppendAsync(Make(epoch, 9)));
        Assert.Equal(new AppendOutcome(AppendResult.EpochChanged, 0, epoch), await Postgres.TryAppendAsync(Make(Guid.NewGuid(), 4)));
        Assert.Equal(new AppendOutcome(AppendResult.EpochChanged, 0, Guid.Empty), await Postgres.TryAppendAsync(Make(epoch, 1, "never-opened")));
    }

    [Fact]
    public async Task Appends_of_many_markets_at_once_each_get_their_own_outcome()
    {
        string[] markets = [.. Enumerable.Range(0, 50).Select(i => $"market-{i}")];
        var epochs = new Dictionary<string, Guid>();
        foreach (var market in markets) epochs[market] = (await Log.OpenAsync(market)).Epoch;

        // Many times over, so that batches form: the worker is busy with the first while the rest come in. Each market's
        // later sequence may be in the same batch as the one that it follows.
        var outcomes = await Task.WhenAll(
            from sequence in Enumerable.Range(1, 5) from market in markets select Postgres.TryAppendAsync(Make(epochs[market], sequence, market)));
        Assert.All(outcomes, outcome => Assert.Equal(AppendResult.Added, outcome.Result));

        foreach (var market in markets)
        {
            var read = await Log.ReadAsync(market, new LogQuery());
            Assert.Equal([1L, 2, 3, 4, 5], read.Select(p => p.Sequence));
            Assert.All(read, p => AssertSame(Make(epochs[market], p.Sequence, market), p));
        }
    }

    [Theory]
    [InlineData('\0', "does not take the row")] // PostgreSQL's text has no NUL
    [InlineData('\ud800', "cannot be written as a row")] // half a surrogate pair is no UTF-8, and never leaves this process
    public async Task A_row_that_cannot_be_written_harms_no_other(char impossible, string reason)
    {
        string[] markets = [.. Enumerable.Range(0, 20).Select(i => $"market-{i}")];
        var epochs = new Dictionary<string, Guid>();
        foreach (var market in markets) epochs[market] = (await Log.OpenAsync(market)).Epoch;

        // However they are cut into batches, what must hold does not depend on it.
        var tasks = markets.Select((market, i) =>
        {
            var good = Make(epochs[market], 1, market);
            return Postgres.TryAppendAsync(i % 5 == 2 ? good with { ModelVersion = $"1.0{impossible}" } : good);
        }).ToArray();
        for (var i = 0; i < tasks.Length; i++)
        {
            if (i % 5 == 2)
            {
                var e = await Assert.ThrowsAsync<StorageException>(() => tasks[i]);
                Assert.Equal("storage_refused", e.Code);
                Assert.Contains(reason, e.Message, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(AppendResult.Added, (await tasks[i]).Result);
            }
        }
        foreach (var market in markets) Assert.True(await Log.AppendAsync(Make(epochs[market], (await Log.OpenAsync(market)).Sequence + 1, market)));
    }

    [Fact]
    public async Task Two_processes_that_append_the_same_markets_in_any_order_leave_every_sequence_once()
    {
        string[] markets = [.. Enumerable.Range(0, 10).Select(i => $"market-{i}")];
        var epochs = new Dictionary<string, Guid>();
        foreach (var market in markets) epochs[market] = (await Log.OpenAsync(market)).Epoch;
        await using var other = (PostgresPredictionLog)await OpenAsync();

        var added = await Task.WhenAll(
            from log in new[] { Postgres, other } from market in log == other ? markets.Reverse() : markets select Task.Run(() => WriteAsync(log, market)));
        Assert.Equal(markets.Length * 30, added.Sum());
        foreach (var market in markets)
            Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), (await Log.ReadAsync(market, new LogQuery())).Select(p => p.Sequence));

        async Task<int> WriteAsync(PostgresPredictionLog log, string market)
        {
            var count = 0;
            for (var sequence = 1; sequence <= 30; sequence++)
            {
                var outcome = await log.TryAppendAsync(Make(epochs[market], sequence, market));
                Assert.True(outcome.Result is AppendResult.Added or AppendResult.AlreadyThere, $"{market} {sequence}: {outcome}");
                if (outcome.Result == AppendResult.Added) count++;
            }
            return count;
        }
    }

    [Fact]
    public async Task A_row_that_another_writer_has_not_yet_committed_is_waited_for()
    {
        var epoch = await FillAsync(1);
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var copy = new NpgsqlCommand("INSERT INTO trm.predictions SELECT log, 2, timestamp, as_of, emitted_at, staleness, quality, confidence, halt_probability, recursion_cycles, latent_steps, strategy_id, shard, probabilities, raw_features, normalized_features, source, feature_set, model_version, traceparent, proxies FROM trm.predictions", connection))
            await copy.ExecuteNonQueryAsync();

        var append = Postgres.TryAppendAsync(Make(epoch, 2));
        await UntilOneWaitsAsync(append);
        await transaction.CommitAsync();
        Assert.Equal(new AppendOutcome(AppendResult.AlreadyThere, 2, epoch), await append);
    }

    [Fact]
    public async Task A_log_that_another_process_is_about_to_begin_is_waited_for()
    {
        var epoch = Guid.NewGuid();
        await using var connection = await ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var begin = new NpgsqlCommand($"SELECT pg_advisory_xact_lock(hashtextextended('trm.logs {Market}', 0))", connection))
            await begin.ExecuteNonQueryAsync();
        await StartOverAsync(Market, epoch, connection);

        var open = Log.OpenAsync(Market);
        await UntilOneWaitsAsync(open);
        await transaction.CommitAsync();
        Assert.Equal(new LogHead(epoch, null), await open);
    }

    [Fact]
    public async Task Another_process_sees_what_was_appended()
    {
        await using var reader = (PostgresPredictionLog)await OpenAsync();
        var epoch = await FillAsync(3);
        Assert.Equal([1L, 2, 3], (await reader.ReadAsync(Market, new LogQuery())).Select(p => p.Sequence));
        AssertSame(Make(epoch, 3), (await reader.OpenAsync(Market)).Latest!);
    }

    [Fact]
    public async Task An_append_given_up_before_its_turn_is_not_sent()
    {
        var epoch = await FillAsync(1);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync(Make(epoch, 2), cancelled.Token));
        Assert.Equal(1, (await Log.OpenAsync(Market)).Sequence);
    }

    [Fact]
    public async Task Connections_that_the_server_cut_are_replaced_without_an_error()
    {
        var epoch = await FillAsync(2);
        await using (var connection = await ConnectAsync())
        {
            await using var cut = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", connection);
            Assert.True(await cut.ExecuteScalarAsync() is > 0L);
        }
        Assert.True(await Log.AppendAsync(Make(epoch, 3)));
        Assert.Equal([1L, 2, 3], await Sequences(new LogQuery()));
    }

    [Fact]
    public async Task A_database_without_our_tables_is_not_opened()
    {
        var empty = await server.CreateDatabaseAsync(schema: false);
        var e = await Assert.ThrowsAsync<StorageException>(() => PostgresPredictionLog.OpenAsync(empty, Time));
        Assert.Equal("storage_not_initialised", e.Code);
    }

    [Fact]
    public async Task Every_read_goes_by_an_index()
    {
        var epoch = await FillAsync(1);
        // Enough rows that reading all of them is never the cheaper plan, of more than one log.
        await using (var connection = await ConnectAsync())
        {
            await using var fill = new NpgsqlCommand(
                """
                INSERT INTO trm.predictions
                SELECT log + n, sequence + i, timestamp + 60000000::bigint * i, as_of, emitted_at, staleness, quality, confidence, halt_probability, recursion_cycles,
                    latent_steps, strategy_id, shard, probabilities, raw_features, normalized_features, source, feature_set, model_version, traceparent, proxies
                FROM trm.predictions, generate_series(1, 5000) i, generate_series(0, 3) n
                """,
                connection);
            await fill.ExecuteNonQueryAsync();
            await using var analyze = new NpgsqlCommand("ANALYZE trm.predictions", connection);
            await analyze.ExecuteNonQueryAsync();
        }

        var middle = Make(epoch, 2_500).Timestamp;
        LogQuery[] queries =
        [
            new() { Newest = true, Limit = 1 },
            new() { After = 2_000, Limit = 500 },
            new() { Before = 2_000, Limit = 500, Newest = true },
            new() { From = middle, To = middle.AddHours(1), Limit = 500 },
            new() { From = middle, Newest = true, Limit = 100 },
        ];
        // The plan for given values, and the one that a prepared statement comes to.
        foreach (var mode in new[] { "force_custom_plan", "force_generic_plan" })
        {
            var settings = new NpgsqlConnectionStringBuilder(database!) { Options = $"-c plan_cache_mode={mode}" }.ToString();
            await using var log = await PostgresPredictionLog.OpenAsync(settings, Time);
            foreach (var query in queries)
            {
                var plan = string.Join('\n', await log.ExplainAsync(Market, query));
                Assert.DoesNotContain("Seq Scan on predictions", plan, StringComparison.Ordinal);
                Assert.Matches(query.From is null ? @"predictions_\d\d_pkey" : @"predictions_\d\d_by_time", plan);
                // The other shards are not even looked at.
                Assert.Single(Regex.Matches(plan, @" on predictions_(\d\d)").Select(match => match.Groups[1].Value).Distinct());
            }

            await using var connection = new NpgsqlConnection(settings);
            await connection.OpenAsync();
            await using var append = new NpgsqlCommand("EXPLAIN " + PostgresPredictionRow.AppendSql(Market), connection);
            PostgresPredictionRow.Bind(append.Parameters, Make(epoch, 5_002));
            await using var row = await append.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await row.ReadAsync()) lines.Add(row.GetString(0));
            Assert.DoesNotContain(lines, line => line.Contains("Seq Scan on predictions", StringComparison.Ordinal));
            Assert.Contains(lines, line => Regex.IsMatch(line, @"Scan Backward using predictions_\d\d_pkey"));
        }
    }

    protected override async Task<IPredictionLog> OpenAsync()
    {
        database ??= await server.CreateDatabaseAsync();
        return await PostgresPredictionLog.OpenAsync(database, Time);
    }

    protected override async Task StartOverAsync(string market, Guid epoch)
    {
        await using var connection = await ConnectAsync();
        await StartOverAsync(market, epoch, connection);
    }

    private static async Task StartOverAsync(string market, Guid epoch, NpgsqlConnection connection)
    {
        await using var restart = new NpgsqlCommand("INSERT INTO trm.logs (market, epoch, created_at) VALUES ($1, $2, 0)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = market }, new NpgsqlParameter<Guid> { TypedValue = epoch } },
        };
        await restart.ExecuteNonQueryAsync();
    }

    // Asks the server rather than the clock.
    private async Task UntilOneWaitsAsync(Task call)
    {
        await using var observer = await ConnectAsync();
        await using var waiting = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')", observer);
        while (await waiting.ExecuteScalarAsync() is false) Assert.False(call.IsCompleted, "it did not wait");
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database!) { Pooling = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }
}
