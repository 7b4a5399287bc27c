using System.Threading.Channels;
using Npgsql;
using Trm.Core.Predictions;
using Trm.Storage.Predictions;

namespace Trm.Storage.Postgres;

/// <summary>
/// Appends of all markets on one connection: what waits when it is free goes as one transaction, so that many markets share a
/// round trip and a sync of the disk; nothing waits for a batch to fill.
/// </summary>
internal sealed class GroupCommit : IAsyncDisposable
{
    private const int LargestBatch = 500;

    private readonly PostgresDatabase database;
    private readonly Channel<PendingAppend> queue = Channel.CreateUnbounded<PendingAppend>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task worker;
    private NpgsqlConnection? connection;

    public GroupCommit(PostgresDatabase database)
    {
        this.database = database;
        // It serves everybody, so it belongs to nobody's trace.
        using var _ = ExecutionContext.SuppressFlow();
        worker = Task.Run(WorkAsync);
    }

    public Task<AppendOutcome> AppendAsync(Prediction prediction, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var append = new PendingAppend(prediction, cancellation);
        ObjectDisposedException.ThrowIf(!queue.Writer.TryWrite(append), this);
        return append.Outcome;
    }

    /// <summary>Sends what waits, then closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await worker.ConfigureAwait(false);
        await DisconnectAsync().ConfigureAwait(false);
    }

    private async Task WorkAsync()
    {
        var batch = new List<PendingAppend>();
        while (await queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            batch.Clear();
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var next))
            {
                if (!next.IsGivenUp) batch.Add(next);
            }
            batch.Sort(PendingAppend.InOrder);
            if (batch.Count > 0) await SendAsync(batch).ConfigureAwait(false);
        }
    }

    // Whatever happens, each append ends with an outcome or an error, and the worker lives on.
    private async Task SendAsync(IReadOnlyList<PendingAppend> batch)
    {
        try
        {
            await SendToAnyAsync(batch).ConfigureAwait(false);
        }
        catch (Exception e) when (batch.Count > 1 && !PostgresErrors.IsAway(e))
        {
            // Nothing of the batch is in the log. One by one, so that a bad row harms no other.
            foreach (var append in batch) await SendAsync([append]).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            foreach (var append in batch) append.Fail(PostgresErrors.IsOfServer(e) ? PostgresErrors.Explain(e, database.Where) : Refused(append, e));
        }
    }

    private async Task SendToAnyAsync(IReadOnlyList<PendingAppend> batch)
    {
        while (true)
        {
            var used = connection is not null;
            try
            {
                connection ??= await database.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
                await SendUntilClearAsync(batch).ConfigureAwait(false);
                return;
            }
            catch (Exception e)
            {
                // Whatever it was: what was half written leaves a connection that no longer knows what it sent.
                await DisconnectAsync().ConfigureAwait(false);
                // A restart of the server breaks a connection that lay idle; appends bear repetition, so it costs one more attempt.
                if (!used || !PostgresErrors.IsBroken(e)) throw;
            }
        }
    }

    private async Task SendUntilClearAsync(IReadOnlyList<PendingAppend> batch)
    {
        while (batch.Count > 0)
        {
            var seen = await ExecuteAsync(batch).ConfigureAwait(false);
            var raced = new List<PendingAppend>();
            for (var i = 0; i < batch.Count; i++)
            {
                if (Judge(batch[i].Prediction, seen[i]) is { } outcome) batch[i].Complete(outcome);
                else raced.Add(batch[i]);
            }
            batch = raced;
        }
    }

    // Durable when this returns: the batch is one implicit transaction, and its end is read.
    private async Task<(Guid? Epoch, long Last, bool Added)[]> ExecuteAsync(IReadOnlyList<PendingAppend> batch)
    {
        var commands = new NpgsqlBatch(connection);
        await using var _ = commands.ConfigureAwait(false);
        foreach (var append in batch)
        {
            var command = new NpgsqlBatchCommand(PostgresPredictionRow.AppendSql(append.Prediction.Market));
            PostgresPredictionRow.Bind(command.Parameters, append.Prediction);
            commands.BatchCommands.Add(command);
        }

        var seen = new (Guid?, long, bool)[batch.Count];
        var row = await commands.ExecuteReaderAsync().ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        for (var i = 0; i < seen.Length; i++)
        {
            await row.ReadAsync().ConfigureAwait(false);
            seen[i] = PostgresPredictionRow.ReadSeen(row);
            await row.NextResultAsync().ConfigureAwait(false);
        }
        return seen;
    }

    // Null when another writer was at the same place at the same time: asked again, the log answers.
    private static AppendOutcome? Judge(Prediction given, (Guid? Epoch, long Last, bool Added) seen)
    {
        if (seen.Epoch != given.Epoch) return new AppendOutcome(AppendResult.EpochChanged, 0, seen.Epoch ?? Guid.Empty);
        if (seen.Added) return new AppendOutcome(AppendResult.Added, given.Sequence, given.Epoch);
        if (given.Sequence >= 1 && given.Sequence <= seen.Last) return new AppendOutcome(AppendResult.AlreadyThere, seen.Last, given.Epoch);
        return given.Sequence == seen.Last + 1 ? null : new AppendOutcome(AppendResult.Gap, seen.Last, given.Epoch);
    }

    private StorageException Refused(PendingAppend append, Exception e) => new(
        "storage_refused", $"{database.Where} was not given prediction {append.Prediction.Sequence} of market {append.Prediction.Market} ({e.Message}); it cannot be written as a row", e);

    private async Task DisconnectAsync()
    {
        if (connection is null) return;
        await connection.DisposeAsync().ConfigureAwait(false);
        connection = null;
    }
}
