using Trm.Core.Telemetry;
using Trm.Gateway.Protocol;

namespace Trm.Gateway.Connections;

internal abstract partial class ClientConnection
{
    /// <summary>When the write under way began; 0 between writes.</summary>
    private long writingSince;

    private TimeSpan? WritingFor => Volatile.Read(ref writingSince) is not 0 and var since ? Services.Time.GetElapsedTime(since) : null;

    /// <summary>Empties the outbox until the connection ends, and says why it ended.</summary>
    protected async Task<CloseReason> SendAsync()
    {
        while (true)
        {
            if (!Outbox.TryTake(out var item)) await Outbox.WaitAsync();
            else if (item.Frame is { } frame) await SendAsync(frame, item.IsLive);
            else if (item.Refill is { } refill) await ReplayAsync(refill);
            else if (item.Close is { } reason) return reason;
        }
    }

    private async ValueTask SendAsync(Frame frame, bool isLive)
    {
        Volatile.Write(ref writingSince, Math.Max(1, Services.Time.GetTimestamp()));
        try
        {
            await WriteAsync(frame);
        }
        catch
        {
            TrmTelemetry.Messages.Add(1, Outcomes.Dropped);
            throw;
        }
        finally
        {
            Volatile.Write(ref writingSince, 0);
        }
        TrmTelemetry.Messages.Add(1, Outcomes.Sent);
        if (isLive && frame is PredictionFrame prediction) Delivered(prediction);
    }

    private void Delivered(PredictionFrame prediction)
    {
        if (prediction.EmittedTimestamp != 0)
            TrmTelemetry.RecordSnapshotToSocket(Services.Time.GetElapsedTime(prediction.EmittedTimestamp));
        prediction.TraceFirstDelivery();
    }
}
