namespace Trm.Gateway.Protocol;

/// <summary>Where a market's log stands, as the gateway knows it; the frame is null while the log is empty.</summary>
internal sealed record MarketHead(Guid Epoch, PredictionFrame? Frame)
{
    public long Sequence => Frame?.Sequence ?? 0;
}
