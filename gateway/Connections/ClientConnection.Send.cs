using Trm.Core.Telemetry;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal abstract partial class ClientConnection
{
    /// <summary>When the write under way began; 0 while none waits for the client.</summary>
    private long writingSince;

    private TimeSpan? WritingFor => Volatile.Read(ref writingSince) is not 0 and var since ? Services.Time.GetElapsedTime(since) : null;

    /// <summary>Where a message can go without waiting; null for transports that cannot tell.</summary>
    protected virtual IInstantWriter? Instant => null;

    /// <summary>Live predictions. One that finds nothing in its way goes to the socket at once, the others through the send loop.</summary>
    public void Offer(PredictionFrame[] frames)
    {
        if (!Outbox.Offer(frames, Instant)) return;
        MessageCount.Sent(1);
        Delivered(frames[0]);
    }

    /// <summary>Empties the outbox until the connection ends, and says why it ended.</summary>
    protected async Task<CloseReason> SendAsync()
    {
        while (true)
        {
            if (!Outbox.TryTake(out var item)) await Outbox.WaitAsync();
            else if (item.Frame is not null || !item.Rest.IsEmpty) await SendAsync(item);
            else if (item.Refill is { } refill) await ReplayAsync(refill);
            else if (item.Close is { } reason) return reason;
        }
    }

    // What waits goes in one write.
    private ValueTask SendAsync(OutboxItem item)
    {
        var batch = WriteBatch.Rent(Format);
        batch.Add(item);
        while (batch.HasRoom && Outbox.TryTakeFrame(out item)) batch.Add(item);

        var write = WriteAsync(batch.Bytes);
        if (!write.IsCompletedSuccessfully) return EndAsync(write, batch);
        Sent(batch);
        batch.Return();
        return ValueTask.CompletedTask;
    }

    private async ValueTask EndAsync(ValueTask write, WriteBatch batch)
    {
        Volatile.Write(ref writingSince, Math.Max(1, Services.Time.GetTimestamp()));
        try
        {
            await write;
        }
        catch
        {
            MessageCount.Dropped(batch.Count);
            batch.Return();
            throw;
        }
        finally
        {
            Volatile.Write(ref writingSince, 0);
        }
        Sent(batch);
        batch.Return();
    }

    private void Sent(WriteBatch batch)
    {
        MessageCount.Sent(batch.Count);
        foreach (var prediction in batch.Live) Delivered(prediction);
    }

    private void Delivered(PredictionFrame prediction)
    {
        if (prediction.EmittedTimestamp != 0)
            TrmTelemetry.RecordSnapshotToSocket(Services.Time.GetElapsedTime(prediction.EmittedTimestamp));
        prediction.TraceFirstDelivery();
    }
}
